// The cost of one report: the rules alone, without a daemon or a disk.

internal import FairleadImpact
internal import LoadGenerator
internal import LinuxSupport
internal import FairleadModel

/// One change of a cluster, reported on again and again.
enum Judging {
  struct Sample {
    let name: String
    let change: ConfigChange

    init(_ name: String, _ facts: [FactKey: FactValue], after: KubeProxyConfig) {
      self.name = name
      change = ConfigChange(
        cluster: ClusterKey(resourceGroup: "rg", name: "c"), facts: ClusterFacts(facts),
        before: KubeProxyConfig(mode: .nftables), after: after)
    }
  }

  private static let leastConnection = KubeProxyConfig(
    mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.tcp: 600]))

  private static func facts(nodes: Int, pods: Int, connections: Int, services: Int) -> [FactKey: FactValue] {
    [
      .kubernetesVersion: .version(DottedVersion(1, 34)), .networkPlugin: .word("azure"),
      .networkPolicy: .word("calico"), .minKernelVersion: .version(DottedVersion(6, 8)), .nodeCount: .count(nodes),
      .podsPerService: .count(pods), .connectionsPerService: .count(connections), .serviceCount: .count(services),
    ]
  }

  /// A usual cluster, one that uses the whole budget of the simulation, and one with facts that no cluster has.
  static let samples = [
    Sample("", facts(nodes: 12, pods: 10, connections: 300, services: 400), after: leastConnection),
    Sample(", dearest", facts(nodes: 50, pods: 10, connections: 100, services: 5000), after: leastConnection),
    Sample(
      ", absurd facts",
      facts(nodes: 1_000_000, pods: Int(Int32.max), connections: Int(Int32.max), services: Int(Int32.max)),
      after: leastConnection),
  ]

  /// The medians in microseconds.
  static func measure(_ sample: Sample, rounds: Int) throws -> (without: Int, with: Int) {
    let engine = Engine()
    return (
      try median(rounds) { try engine.findings(for: sample.change).count },
      try median(rounds) {
        let findings = try engine.findings(for: sample.change).count
        return findings + (Estimates(for: sample.change).leastConnection?.idlePods ?? 0)
      }
    )
  }

  private static func median(_ rounds: Int, _ work: () throws -> Int) throws -> Int {
    var results = 0
    let times = try (0..<rounds).map { _ in
      let start = monotonicNanoseconds()
      results &+= try work()
      return monotonicNanoseconds() - start
    }
    // Used, so that the compiler cannot leave the work out.
    precondition(results != Int.min)
    return times.median / 1000
  }
}
