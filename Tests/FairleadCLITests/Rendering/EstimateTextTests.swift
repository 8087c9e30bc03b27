// The numbers of a report as sentences.

internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("The estimates as text")
struct EstimateTextTests {
  private static let basis = Basis(source: "KEP-3866", limits: "No measurement is on record.")

  private static func rules(_ before: ProgrammedRules?, _ after: ProgrammedRules?) -> [String] {
    EstimateText.sentences(
      Estimates(rules: RulesEstimate(services: 1000, endpoints: 5, before: before, after: after, basis: basis)))
  }

  private static let iptables = ProgrammedRules(
    mode: .iptables, objects: [.init(name: "nat rules", count: 17_005), .init(name: "filter rules", count: 3)])
  private static let nftables = ProgrammedRules(
    mode: .nftables,
    objects: [
      .init(name: "map elements", count: 1000), .init(name: "set elements", count: 1000),
      .init(name: "service chains", count: 1000),
    ])

  @Test("rules are counted before and after; where kube-proxy does not run, only those on the nodes")
  func rules() {
    #expect(
      Self.rules(Self.iptables, Self.nftables) == [
        "On each node, 5 pods a Service: 17,005 nat rules and 3 filter rules -> 1,000 map elements and 1,000 set elements."
      ])
    #expect(
      Self.rules(nil, Self.nftables) == ["On each node, 5 pods a Service: 1,000 map elements and 1,000 set elements."])
    #expect(
      Self.rules(Self.iptables, nil) == [
        "On each node, 5 pods a Service: 17,005 nat rules and 3 filter rules stay, and nobody updates them."
      ])
    #expect(Self.rules(nil, nil) == [])
  }

  @Test("latency is printed with its error")
  func latency() {
    let slow = FirstPacket(mode: .iptables, p50Microseconds: 61, p99Microseconds: 1268, errorMicroseconds: 10)
    let fast = FirstPacket(mode: .nftables, p50Microseconds: 14, p99Microseconds: 37, errorMicroseconds: 4)
    func text(_ before: FirstPacket?, _ after: FirstPacket?) -> [String] {
      EstimateText.sentences(
        Estimates(latency: LatencyEstimate(services: 10_000, before: before, after: after, basis: Self.basis)))
    }
    #expect(
      text(slow, fast) == [
        "A connection's first packet takes 1,268 +/- 10 us -> 37 +/- 4 us at the 99th percentile, 61 -> 14 us at the "
          + "median."
      ])
    #expect(
      text(nil, fast) == ["A connection's first packet takes 37 +/- 4 us at the 99th percentile, 14 us at the median."])
    #expect(text(nil, nil) == [])
  }

  private static func leastConnection(
    nodes: Int, pods: Int, connections: Int, same: Spread?, random: Spread? = nil, choice: Spread? = nil
  ) -> [String] {
    EstimateText.sentences(
      Estimates(
        leastConnection: LeastConnectionEstimate(
          nodes: nodes, podsPerService: pods, connectionsPerService: connections, busiestPodConnections: 50,
          idlePods: 1, belowTwiceTheNodes: connections < 2 * nodes, sameOrder: same, randomOrder: random,
          randomChoice: choice, basis: basis)))
  }

  private static func spread(_ percent: Int, idle: Int = 0) -> Spread {
    Spread(busiestPercentOfMean: percent, idlePercent: idle, loads: [])
  }

  @Test("the spread is a range, compared with random choice, and a too optimistic limit of the AKS article is named")
  func spread() {
    #expect(
      Self.leastConnection(
        nodes: 50, pods: 10, connections: 100, same: Self.spread(432, idle: 43), random: Self.spread(145),
        choice: Self.spread(151)) == [
          "LeastConnection, 100 connections, 50 nodes, 10 pods: the busiest pod gets 1.5 to 4.3 times the mean "
            + "(random choice 1.5); up to 43% of pods idle.",
          "The AKS article's test (twice the nodes) passes, but understates large Services: "
            + "there are less than half as many connections on a node as pods.",
        ])
  }

  @Test("the sentence about the article depends on the connections of a node and the pods")
  func article() {
    func text(_ connections: Int, pods: Int = 10) -> String? {
      Self.leastConnection(nodes: 50, pods: pods, connections: connections, same: Self.spread(200)).dropFirst().first
    }
    #expect(text(99) == "Fewer connections than twice the nodes: the AKS article warns of this as well.")
    #expect(text(249)?.hasSuffix("there are less than half as many connections on a node as pods.") == true)
    #expect(text(250)?.hasSuffix("there are fewer connections on a node than pods.") == true)
    #expect(text(499)?.hasSuffix("there are fewer connections on a node than pods.") == true)
    #expect(text(500) == nil)
    #expect(text(99, pods: 1) == nil)
    #expect(text(0) == nil)
  }

  @Test("without random spreads only the upper end is printed, and counts for a report of an early ledger")
  func partial() {
    #expect(
      Self.leastConnection(nodes: 2, pods: 3, connections: 90_000, same: Self.spread(100)) == [
        "LeastConnection, 90,000 connections, 2 nodes, 3 pods: the busiest pod gets up to 1.0 times the mean."
      ])
    #expect(
      Self.leastConnection(nodes: 50, pods: 1, connections: 1, same: nil) == [
        "LeastConnection, 1 connection, 50 nodes, 1 pod: the busiest pod gets 50, and 1 pod gets none."
      ])
  }

  private static func window(
    _ perNode: SecondsRange?, _ rollout: SecondsRange? = nil, nodes: Int? = nil, missing: [FactKey] = []
  ) -> [String] {
    EstimateText.sentences(
      Estimates(
        disruption: DisruptionEstimate(
          perNode: perNode, rollout: rollout, nodes: nodes, missing: missing, basis: basis)))
  }

  @Test("the window is a range, or the facts that are missing for it")
  func window() {
    #expect(
      Self.window(SecondsRange(from: 4, to: 40), SecondsRange(from: 100, to: 1728), nodes: 24) == [
        "New connections fail for about 4 to 40 s on each node; the rollout takes 100 s to 29 min for 24 nodes, one at "
          + "a time."
      ])
    #expect(
      Self.window(SecondsRange(from: 1, to: 3), missing: [.nodeCount]) == [
        "New connections fail for about 1 to 3 s on each node; the rollout cannot be estimated without --node-count."
      ])
    #expect(Self.window(SecondsRange(from: 1, to: 3)) == ["New connections fail for about 1 to 3 s on each node."])
    #expect(
      Self.window(nil, missing: [.serviceCount, .podsPerService]) == [
        "How long new connections fail on a node cannot be estimated without --service-count, --pods-per-service."
      ])
    #expect(
      Self.window(nil) == [
        "How long new connections fail on a node cannot be estimated. No measurement is on record."
      ])
  }

  @Test(
    "a time range is printed in the largest unit that fits each end",
    arguments: [
      (3, 3, "3 s"), (0, 119, "0 to 119 s"), (6, 915, "6 s to 15 min"), (120, 150, "2 to 3 min"),
      (7199, 7200, "120 min to 2 h"), (200_000, 3_999_999, "2 to 46 days"),
    ])
  func span(from: Int, to: Int, text: String) {
    #expect(EstimateText.span(SecondsRange(from: from, to: to)) == text)
  }

  @Test("numbers are grouped by thousands")
  func grouping() {
    let numbers = [0, 999, 1000, 12_005, 1_234_567, -1234, Int.min]
    #expect(
      numbers.map(EstimateText.grouped) == [
        "0", "999", "1,000", "12,005", "1,234,567", "-1,234", "-9,223,372,036,854,775,808",
      ])
  }

  @Test("each sentence of a large cluster fits on two lines of a terminal")
  func length() {
    let slow = FirstPacket(mode: .iptables, p50Microseconds: 274, p99Microseconds: 1716, errorMicroseconds: 346)
    let ipvs = ProgrammedRules(
      mode: .ipvs,
      objects: [.init(name: "virtual servers", count: 30_000), .init(name: "real servers", count: 1_500_000)])
    let many = ProgrammedRules(
      mode: .iptables, objects: [.init(name: "nat rules", count: 4_560_005), .init(name: "filter rules", count: 3)])
    let sentences =
      Self.rules(many, ipvs)
      + EstimateText.sentences(
        Estimates(latency: LatencyEstimate(services: 30_000, before: slow, after: slow, basis: Self.basis)))
      + Self.leastConnection(
        nodes: 1000, pods: 250, connections: 20_000, same: Self.spread(1867, idle: 77), random: Self.spread(173),
        choice: Self.spread(177))
      + Self.window(SecondsRange(from: 40, to: 5000), SecondsRange(from: 2040, to: 5_032_000), nodes: 1000)
      + Self.window(nil, missing: [.serviceCount, .podsPerService, .nodeCount])
    for sentence in sentences {
      #expect(wrapped(sentence, width: 80, first: "  ").split(separator: "\n").count <= 2, "\(sentence)")
    }
  }
}
