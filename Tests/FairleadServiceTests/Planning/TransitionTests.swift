// Invariants of every transition under every network: of each report, and of each report with its reverse.

import FairleadImpact
import ExactJSON
import FairleadModel
import Testing

@testable import FairleadService

@Suite("Every transition under every network")
struct TransitionTests {
  /// The modes, kube-proxy off, and each IPVS setting set, changed and left out.
  static let documents: [KubeProxyConfig] = [
    .empty, KubeProxyConfig(mode: .iptables), KubeProxyConfig(mode: .nftables), ipvs(), ipvs(.roundRobin),
    ipvs(.leastConnection), ipvs(nil, [.tcp: 600]), ipvs(nil, [.tcp: 7200]), ipvs(nil, [.tcpFin: 20]),
    ipvs(nil, [.tcpFin: 300]), ipvs(nil, [.udp: 60]), ipvs(nil, [.udp: 900]),
    ipvs(.leastConnection, [.tcp: 900, .tcpFin: 120, .udp: 300]), ipvs(nil, [.tcp: 5_000_000]),
    KubeProxyConfig(enabled: false),
    KubeProxyConfig(enabled: false, mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.tcp: 60])),
  ]

  /// Every network policy, plugin and dataplane, each also unknown; half of them with all else that is known of a cluster.
  static let networks: [ClusterFacts] = {
    func values(_ key: FactKey) -> [FactValue?] {
      guard case .word(let words) = key.kind else { return [nil] }
      return [nil] + words.map { .word($0) }
    }
    var all: [ClusterFacts] = []
    for policy in values(.networkPolicy) {
      for plugin in values(.networkPlugin) {
        for dataplane in values(.networkDataplane) {
          var facts: [FactKey: FactValue] = all.count.isMultiple(of: 2) ? [:] : everythingElse
          facts[.networkPolicy] = policy
          facts[.networkPlugin] = plugin
          facts[.networkDataplane] = dataplane
          all.append(ClusterFacts(facts))
        }
      }
    }
    return all
  }()

  private static let everythingElse: [FactKey: FactValue] = [
    .kubernetesVersion: .version(DottedVersion(1, 34)), .minKernelVersion: .version(DottedVersion(5, 15)),
    .nodeCount: .count(24), .serviceCount: .count(6000), .podsPerService: .count(20),
    .connectionsPerService: .count(100), .usesNodePorts: .bool(true), .usesLocalhostNodePorts: .bool(true),
    .usesSessionAffinity: .bool(true), .usesLocalTrafficPolicy: .bool(true), .usesUdpServices: .bool(true),
    .keepaliveSeconds: .count(7200), .hostFirewall: .bool(true), .windowsNodes: .bool(true),
  ]

  private static func ipvs(_ scheduler: IPVSScheduler? = nil, _ timeouts: [IPVSTimeout: Int] = [:]) -> KubeProxyConfig {
    KubeProxyConfig(mode: .ipvs, ipvs: IPVSConfig(scheduler: scheduler, timeouts: timeouts))
  }

  /// A cluster at revision 1 with `config`, planned to go to another.
  struct Place {
    let config: KubeProxyConfig?
    let facts: ClusterFacts
    let lastMode: ProxyMode?

    private static let key = ClusterKey(resourceGroup: "rg", name: "web")
    private static let stamp = Stamp(
      seq: 9, at: Clock.start, clocks: Clocks(wall: Clock.start, boot: nil), actor: .alice, message: nil)

    private var planner: ClusterPlanner {
      let cluster = config.map {
        Cluster(
          key: Self.key, revision: 1, config: $0, facts: facts, createdAt: Clock.start, updatedAt: Clock.start,
          updatedSeq: 5)
      }
      let feature = FeatureKey.kubeProxyPreview(in: Self.key.subscription)
      let context = ClusterContext(
        key: Self.key, current: cluster, confirmed: nil, lastMode: config?.effective.enabled == false ? lastMode : nil,
        feature: Feature(
          key: feature, state: .registered, propagated: true, since: Clock.start, updatedSeq: 2, registeredSeq: 2),
        provider: Provider(key: feature.provider, state: .registered, since: Clock.start, updatedSeq: 4),
        clientExtension: nil)
      return ClusterPlanner(context: context, options: ChangeOptions(), stamp: Self.stamp)
    }

    func plan(to target: KubeProxyConfig) throws -> Plan {
      guard config != nil else {
        var set: [FactKey: FactValue?] = [:]
        for (key, value) in facts.values { set[key] = value }
        return try planner.create(ClusterPatch(document: KubeProxyDocument(target.json), facts: FactsPatch(set)))
      }
      return try planner.update(ClusterPatch(document: KubeProxyDocument(target.json)))
    }

    func rollback(to target: KubeProxyConfig) throws -> Plan {
      try planner.rollback(
        to: Revision(
          revision: 1, baseRevision: nil, origin: .create, config: target, seq: 5, at: Clock.start, actor: .alice,
          message: nil, restores: nil), apiVersion: .newest)
    }

    /// The mode whose rules are on the nodes.
    var modeOnNodes: ProxyMode? { config.flatMap { $0.effective.mode ?? lastMode } }
  }

  @Test("The invariants of every report hold", arguments: documents.indices)
  func everyReport(index: Int) throws {
    let target = Self.documents[index]
    var violations: [String: String] = [:]
    var cases = 0
    for before in [nil] + Self.documents.map({ Optional($0) }) {
      for (index, facts) in Self.networks.enumerated() {
        let place = Place(config: before, facts: facts, lastMode: .iptables)
        let plan = try place.plan(to: target)
        let report = plan.report
        cases += 1
        func check(_ holds: Bool, _ name: String) {
          guard !holds, violations[name] == nil else { return }
          violations[name] = "\(before?.json.text ?? "nothing") -> \(target.json.text) \(facts.json.text)"
        }
        let isNoOp = before.map { $0.effective == target.effective } ?? false
        let severities = report.findings.filter { !$0.standing }.map(\.severity)
        check(report.verdict == severities.max() ?? .none, "the verdict is the worst finding's severity")
        check((report.verdict == .blocked) == severities.contains(.blocked), "blocked where a blocking rule fires")
        check((plan.refusal != nil) == (report.verdict == .blocked), "what is blocked is refused, and nothing else is")
        check(
          !isNoOp || (report.findings.map(\.rule) == ["NOOP-01"] && report.verdict == .none),
          "a change without effect has no finding")
        check(!isNoOp || (report.sequence.isEmpty && report.estimates == Estimates()), "nor an estimate or a step")
        let phases = report.sequence.map { Step.Phase.allCases.firstIndex(of: $0.phase) ?? 9 }
        check(phases == phases.sorted(), "the steps stand in order")
        check(report.sequence.allSatisfy { !$0.text.isEmpty && !$0.commands.contains("") }, "each step says what to do")
        // Encoding a report costs more than making it, so a fifth of them are encoded.
        if index.isMultiple(of: 5) {
          check(try place.plan(to: target).report.json.text == report.json.text, "the same inputs give the same bytes")
        }
        if before != nil {
          let back = try place.rollback(to: target).report
          check(back.findings == report.findings && back.verdict == report.verdict, "a rollback is judged alike")
          check(back.diff == report.diff && back.estimates == report.estimates, "and shows the same difference")
        }
      }
    }
    #expect(cases == (Self.documents.count + 1) * Self.networks.count)
    #expect(violations == [:])
  }

  @Test("A change and its reverse agree about what stays behind", arguments: documents.indices)
  func reverse(index: Int) throws {
    let target = Self.documents[index]
    var violations: [String] = []
    for before in Self.documents where before.effective != target.effective {
      for facts in Self.networks {
        let place = Place(config: before, facts: facts, lastMode: .ipvs)
        let advice = try #require(try place.plan(to: target).report.rollback)
        let way = Place(config: target, facts: facts, lastMode: place.modeOnNodes)
        let findings = try way.plan(to: before).report.findings
        // A folded finding is as certain as the one that folds it.
        let told = Set(findings.filter { $0.certainty != .unknown }.flatMap { [$0.rule] + $0.folds })
        let harmless = Set(findings.filter { $0.severity <= .info }.map(\.rule))
        let staying = Catalogue.rules.filter { $0.leavesBehind }.map { $0.id }.filter {
          told.contains($0) && !harmless.contains($0)
        }
        guard advice.caveats != staying || advice.clean != staying.isEmpty else { continue }
        violations.append("\(before.json.text) -> \(target.json.text): \(advice.caveats) and back \(staying)")
      }
    }
    #expect(Set(violations).sorted().prefix(3) == [])
  }
}
