// The engine: order, folding, caveats, standing findings, and what holds of every change there can be.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("Catalogue")
struct CatalogueTests {
  @Test("The rules stand in the catalogue's order, each once")
  func order() {
    #expect(
      Catalogue.ids == [
        "VAL-03", "ENV-01", "ENV-02", "ENV-03", "ENV-04", "ENV-05", "LIFE-01", "LIFE-02", "POL-01", "POL-02", "POL-03",
        "POL-04", "MODE-01", "MODE-02", "MODE-03", "MODE-04", "MODE-05", "MODE-06", "MODE-07", "MODE-08", "MODE-09",
        "NP-01", "NP-02", "NP-03", "NET-01", "NET-02", "NET-03", "NET-04", "NET-05", "TMO-01", "TMO-02", "TMO-03",
        "TMO-04", "TMO-05", "TMO-06", "TMO-07", "SCH-01", "SCH-02", "SCH-03", "SCH-04", "RST-01", "RST-02", "RST-03",
        "ENB-01", "ENB-02", "ENB-03", "ENB-04", "PERF-01",
      ])
  }

  @Test("The entries are the rules, the validations of documents, and what speaks where no rule is asked")
  func entries() {
    let ids = Catalogue.entries.map { $0.id }
    #expect(Set(ids).count == ids.count)
    #expect(
      ids.filter { !Catalogue.ids.contains($0) } == ["VAL-01", "VAL-02", "VAL-04", "TMO-08", "NOOP-01", "GATE-01"])
    #expect(ids.prefix(4) == ["VAL-01", "VAL-02", "VAL-03", "VAL-04"])
    #expect(Catalogue.entries.allSatisfy { !$0.title.isEmpty && !$0.source.isEmpty })
  }

  @Test("Four rules may be overridden, and no other")
  func overridable() {
    #expect(Set(Catalogue.overridable) == ["ENV-01", "ENV-05", "POL-01", "LIFE-01"])
  }

  @Test("State rules judge what would stand, and the rest the way there")
  func kinds() {
    let state = Catalogue.rules.filter { $0.kind == .state }.map { $0.id }
    #expect(
      state == [
        "VAL-03", "ENV-01", "ENV-02", "ENV-03", "ENV-04", "ENV-05", "LIFE-01", "LIFE-02", "POL-01", "POL-04", "ENB-04",
        "PERF-01",
      ])
  }

  @Test("Four rules leave something behind")
  func leavesBehind() {
    #expect(Catalogue.rules.filter { $0.leavesBehind }.map { $0.id } == ["MODE-02", "MODE-03", "TMO-04", "ENB-01"])
  }

  @Test("A rule folds other rules of the catalogue, and none folds one that folds it")
  func folds() {
    let folds = Dictionary(uniqueKeysWithValues: Catalogue.rules.map { ($0.id, $0.folds.map { $0.id }) })
    for (id, weaker) in folds {
      #expect(weaker.allSatisfy { Catalogue.ids.contains($0) && $0 != id })
      var seen: Set<String> = []
      var open = weaker
      while let next = open.popLast() {
        if seen.insert(next).inserted { open += folds[next] ?? [] }
      }
      #expect(!seen.contains(id))
    }
  }
}

@Suite("Engine")
struct EngineTests {
  @Test("Findings stand worst first and, within a severity, in the catalogue's order")
  func sorting() {
    let facts: Facts = [.kubernetesVersion: .version(1, 36), .networkPolicy: .word("azure")]
    let findings = judged(change(.iptables, .leastConnection, facts))
    #expect(
      findings.map(\.rule) == [
        "POL-01", "MODE-02", "LIFE-01", "TMO-02", "NP-02", "NET-03", "NET-04", "RST-01", "MODE-08", "NET-05", "SCH-02",
        "ENV-03", "MODE-09", "RST-03",
      ])
    #expect(
      findings.map(\.severity) == [
        .blocked, .critical, .high, .high, .medium, .medium, .medium, .medium, .low, .low, .low, .info, .info, .info,
      ])
  }

  @Test("A rule that two others imply is told once, by the worse")
  func foldedOnce() {
    let findings = judged(change(.ipvs(), .nftables, [.minKernelVersion: .version(5, 4)]))
    #expect(findings.first { $0.rule == "ENV-02" }?.folds == ["MODE-01"])
    #expect(findings.first { $0.rule == "MODE-04" }?.folds == ["MODE-09"])
    #expect(!findings.contains { $0.rule == "MODE-01" })
  }

  @Test("A finding that hangs on a fact speaks for those that the same answer settles")
  func foldedUnknown() {
    // Two engines are in question, and the one answer that settles both is asked for once.
    let engine = judged(change(.nftables, .ipvs(), [.networkPlugin: .word("azure")]))
    #expect(engine.filter { $0.missingFact == .networkPolicy }.map(\.rule) == ["POL-01"])
    #expect(engine.first { $0.rule == "POL-01" }?.folds == ["POL-02", "POL-03"])
    // MODE-09 asks for another fact than ENV-01, which folds what asks for its own.
    let version = judged(change(.iptables, .nftables))
    #expect(version.first { $0.rule == "ENV-01" }?.folds == ["ENV-04"])
    #expect(version.contains { $0.rule == "MODE-09" && $0.missingFact == .usesUdpServices })
  }

  @Test("Creation is asked state rules only")
  func creation() {
    #expect(judged(change(nil, .nftables)).map(\.rule) == ["ENV-01", "ENV-02", "POL-04"])
    #expect(judged(change(nil, .ipvs())).map(\.rule) == ["LIFE-01", "POL-01", "ENV-03", "POL-04"])
  }

  @Test("Whether a rollback is clean is what the reversed change leaves behind")
  func rollback() throws {
    func back(_ before: KubeProxyConfig, _ after: KubeProxyConfig, lastMode: ProxyMode? = nil) throws -> [String] {
      caveats(of: try #require(change(before, after, lastMode: lastMode).reversed))
    }
    #expect(try back(.iptables, .ipvs()) == ["MODE-03"])
    #expect(try back(.ipvs(), .iptables) == ["MODE-02"])
    #expect(try back(.iptables, .nftables) == [])
    #expect(try back(.nftables, .ipvs()) == [])
    #expect(try back(.ipvs(), .ipvs(nil, [.tcp: 60])) == ["TMO-04"])
    #expect(try back(.ipvs(nil, [.tcp: 60]), .ipvs()) == [])
    // Back on, in the mode whose rules are still there.
    #expect(try back(.ipvs(), .disabled) == [])
    // Off again: the rules of the mode that ran stay as they are.
    #expect(try back(.disabled, .iptables, lastMode: .ipvs) == ["ENB-01"])
    #expect(change(nil, .ipvs()).reversed == nil)
  }

  @Test("A change without effect has no caveat")
  func noEffect() {
    #expect(caveats(of: change(.empty, .iptables)) == [])
  }

  @Test("Standing findings are what state rules say, and are marked as such")
  func standing() {
    let key = ClusterKey(resourceGroup: "rg", name: "prod")
    let facts = ClusterFacts([.kubernetesVersion: .version(1, 36), .networkPolicy: .word("azure")])
    let findings = standingFindings(cluster: key, facts: facts, config: .leastConnection)
    #expect(findings.map(\.rule) == ["POL-01", "LIFE-01", "ENV-03"])
    #expect(findings.allSatisfy { $0.standing })
    #expect(standingFindings(cluster: key, facts: facts, config: .empty).map(\.rule) == ["LIFE-02"])
    #expect(standingFindings(cluster: key, facts: facts, config: .iptables) == [])
  }

  @Test("LeastConnection is estimated where it would run and the facts allow it")
  func leastConnection() {
    let facts = LeastConnectionUnevenTests.facts(nodes: 50, pods: 10, connections: 100)
    let estimate = Estimates(for: change(.leastConnection, .ipvs(.leastConnection, [.tcp: 60]), facts))
    #expect(estimate.leastConnection?.busiestPodConnections == 50)
    #expect(Estimates(for: change(nil, .leastConnection, facts)).leastConnection != nil)
    #expect(Estimates(for: change(.leastConnection, .ipvs(), facts)) == Estimates())
    #expect(Estimates(for: change(.iptables, .leastConnection)) == Estimates())
  }

  @Test("A change of mode has its rules, its latency and its window; a creation has no window")
  func estimates() {
    let facts = DisruptionWindowTests.facts(services: 1000, pods: 5, nodes: 24)
    let move = Estimates(for: change(.iptables, .nftables, facts))
    #expect(move.rules != nil && move.latency != nil && move.disruption != nil && move.leastConnection == nil)
    let creation = Estimates(for: change(nil, .nftables, facts))
    #expect(creation.rules?.before == nil && creation.latency?.before == nil && creation.disruption == nil)
    #expect(creation.rules?.after != nil && creation.latency?.after != nil)
  }

  @Test("NFTABLES that the facts rule out is not estimated")
  func ruledOut() {
    let facts = DisruptionWindowTests.facts(services: 1000, pods: 5, nodes: 24)
    for fact in [(FactKey.kubernetesVersion, FactValue.version(1, 32)), (.minKernelVersion, .version(5, 4))] {
      let move = change(.iptables, .nftables, facts.merging([fact.0: fact.1]) { $1 })
      #expect(Estimates(for: move) == Estimates())
    }
  }

  @Test("Every estimate says where it comes from and how far it reaches, in plain words, and survives the record")
  func bases() throws {
    var bases: Set<Basis> = []
    for move in InvariantTests.moves {
      for extra: Facts in [[:], [.windowsNodes: .bool(true)]] {
        let facts = DisruptionWindowTests.facts(services: 1000, pods: 5, nodes: 24)
          .merging([.connectionsPerService: .count(40)]) { $1 }.merging(extra) { $1 }
        let estimates = Estimates(for: change(move.before, move.after, facts, lastMode: move.lastMode))
        bases.formUnion(
          [
            estimates.rules?.basis, estimates.latency?.basis, estimates.leastConnection?.basis,
            estimates.disruption?.basis,
          ].compactMap(\.self))
        #expect(try Estimates(JSONObjectDecoder(estimates.json, allowedKeys: nil)) == estimates)
      }
    }
    #expect(bases.count > 8)
    for text in bases.flatMap({ [$0.source, $0.limits] }) {
      #expect(!text.isEmpty && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
      #expect(!text.contains("  ") && !text.contains("..") && !text.contains("Optional("))
    }
    #expect(bases.allSatisfy { $0.limits.hasSuffix(".") })
  }
}

@Suite("Every change there can be")
struct InvariantTests {
  static let documents: [KubeProxyConfig] = [
    .empty, .iptables, .nftables, .ipvs(), .leastConnection, .ipvs(.roundRobin, [.tcp: 600, .tcpFin: 600, .udp: 60]),
    .ipvs(nil, [.tcp: 5_000_000]), .ipvs(nil, [.tcp: 1200, .tcpFin: 20, .udp: 600]),
    .disabled,
    KubeProxyConfig(enabled: false, mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.tcp: 60])),
  ]

  static let facts: [Facts] = {
    let axes: [[Facts]] = [
      [[:]] + [(1, 7), (1, 33), (1, 36), (9, 99)].map { [.kubernetesVersion: .version($0.0, $0.1)] },
      [
        [:], [.networkPlugin: .word("none")], [.networkPlugin: .word("azure"), .networkPolicy: .word("azure")],
        [.networkPlugin: .word("kubenet"), .networkPolicy: .word("calico")],
        [.networkPlugin: .word("none"), .networkPolicy: .word("calico")],
        [.networkPlugin: .word("azure"), .networkDataplane: .word("cilium")], [.networkPolicy: .word("cilium")],
      ],
      [
        [:],
        LeastConnectionUnevenTests.facts(nodes: 50, pods: 10, connections: 100).merging(uses(true)) { $1 }.merging(
          [.keepaliveSeconds: .count(60), .serviceCount: .count(6000), .minKernelVersion: .version(5, 15)]
        ) { $1 },
        uses(false).merging([.minKernelVersion: .version(5, 4)]) { $1 },
        // Nothing there at all, and all that there can be.
        uses(false).merging([
          .nodeCount: .count(0), .serviceCount: .count(0), .podsPerService: .count(0),
          .connectionsPerService: .count(0), .minKernelVersion: .version(0, 0),
        ]) { $1 },
        uses(true).merging([
          .nodeCount: .count(1_000_000), .serviceCount: .count(Int(Int32.max)), .podsPerService: .count(Int(Int32.max)),
          .connectionsPerService: .count(Int(Int32.max)),
        ]) { $1 },
      ],
    ]
    return axes.reduce([[:]]) { sets, axis in sets.flatMap { set in axis.map { set.merging($0) { $1 } } } }
  }()

  /// The facts that are yes or no, all with one answer.
  static func uses(_ answer: Bool) -> Facts {
    Facts(uniqueKeysWithValues: FactKey.allCases.filter { $0.kind == .bool }.map { ($0, .bool(answer)) })
  }

  /// Every way from one document to another, with the last mode wherever it counts.
  static let moves: [(before: KubeProxyConfig?, after: KubeProxyConfig, lastMode: ProxyMode?)] = {
    let befores: [(KubeProxyConfig?, ProxyMode?)] =
      [(nil, nil)]
      + documents.flatMap { document in
        document.effective.enabled
          ? [(document, nil)] : ([nil] + ProxyMode.allCases.map { $0 }).map { (document, $0) }
      }
    return befores.flatMap { before in documents.map { (before.0, $0, before.1) } }
  }()

  /// What the engine says of every move under every set of facts.
  static let reports: [(change: ConfigChange, findings: [Finding])] = moves.flatMap { move in
    facts.map { facts in
      let change = change(move.before, move.after, facts, lastMode: move.lastMode)
      return (change, judged(change))
    }
  }

  @Test("No finding is lost, told twice, or out of order")
  func structure() {
    var violations: [String: ConfigChange] = [:]
    for (change, findings) in Self.reports {
      func check(_ holds: Bool, _ name: String) { if !holds { violations[name] = violations[name] ?? change } }
      let told = findings.map(\.rule) + findings.flatMap(\.folds)
      let asked = Catalogue.rules.filter { !change.isCreation || $0.kind == .state }
      check(Set(told).count == told.count, "a rule stands once, or in one other's folds")
      check(
        Set(told) == Set(asked.filter { verdict(of: $0, on: change) != nil }.map { $0.id }), "what is found is told")
      check(zip(findings, findings.dropFirst()).allSatisfy { $0.severity >= $1.severity }, "the worst stands first")
      check(
        findings.contains { $0.rule == "RST-01" } == (change.before != nil && change.before != change.after),
        "every effective change of a cluster takes effect node by node")
      check(
        findings.allSatisfy { finding in
          finding.missingFact.map { change.facts.values[$0] == nil } ?? true
        }, "a missing fact is missing")
    }
    #expect(violations.keys.sorted() == [])
  }

  @Test("A transition rule by itself is silent on creation", arguments: Catalogue.ids)
  func creation(id: String) throws {
    let rule = try #require(Catalogue.rules.first { $0.id == id })
    guard rule.kind == .transition else { return }
    #expect(Self.reports.allSatisfy { !$0.change.isCreation || verdict(of: rule, on: $0.change) == nil })
  }

  @Test("Each finding keeps to the scales, and speaks in whole, plain words")
  func findings() {
    for finding in Set(Self.reports.flatMap(\.findings)) {
      #expect((finding.certainty == .unknown) == (finding.missingFact != nil))
      #expect(finding.certainty != .unknown || finding.severity <= .medium)
      #expect(finding.certainty == .will || finding.severity != .blocked)
      #expect(finding.severity > .none && !finding.standing)
      for text in [finding.title, finding.detail, finding.remedy, finding.verify, finding.source] {
        #expect(!text.isEmpty && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(!text.contains("  ") && !text.contains("..") && !text.contains("Optional("))
      }
      #expect(finding.detail.hasSuffix("."))
    }
  }

  @Test("Each step of a rule names the rule, says when it is taken, and is in plain words")
  func steps() {
    let rules = Dictionary(uniqueKeysWithValues: Catalogue.rules.map { ($0.id, $0) })
    var steps: [Step: String] = [:]
    for (change, findings) in Self.reports {
      for finding in findings {
        for step in rules[finding.rule]?.steps(for: change) ?? [] { steps[step] = finding.rule }
      }
    }
    for (step, rule) in steps {
      #expect(step.rules == [rule])
      #expect(step.phase == .before || step.phase == .after)
      #expect(step.text.hasSuffix("."))
      for text in [step.text] + step.commands {
        #expect(!text.isEmpty && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(!text.contains("  ") && !text.contains("Optional("))
      }
    }
    #expect(steps.count > 20)
  }

  @Test("Every rule of the catalogue speaks somewhere in here")
  func coverage() {
    let told = Set(Self.reports.flatMap { $0.findings.flatMap { [$0.rule] + $0.folds } })
    #expect(told == Set(Catalogue.ids))
  }

  @Test("The same change has the same report, in whatever order its facts were told")
  func deterministic() {
    for (change, findings) in Self.reports.filter({ $0.change.facts.values.count > 3 }) {
      let again = ConfigChange(
        cluster: change.cluster,
        facts: ClusterFacts(
          Facts(uniqueKeysWithValues: change.facts.values.sorted { $0.key.rawValue > $1.key.rawValue }.map { ($0, $1) })
        ),
        before: change.beforeDocument, after: change.afterDocument, lastMode: change.modeOnNodes)
      if judged(again) != findings { Issue.record("\(change) has two reports") }
    }
  }

  @Test("Learning a fact never turns a certain finding into one that hangs on a fact")
  func learning() {
    for start in stride(from: 0, to: Self.reports.count, by: Self.facts.count) {
      let reports = Self.reports[start..<start + Self.facts.count]
      let certain = Set(reports[start].findings.filter { $0.certainty == .will }.map(\.rule))
      for report in reports {
        if let odd = report.findings.first(where: { $0.certainty == .unknown && certain.contains($0.rule) }) {
          Issue.record("\(odd.rule) was certain before \(report.change.facts)")
        }
      }
    }
  }
}
