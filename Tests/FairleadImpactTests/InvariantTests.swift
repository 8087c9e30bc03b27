// Invariants of the findings of every possible change under many sets of facts.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("Every possible change")
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
        // All counts at zero, and all at their largest values.
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

  /// Every boolean fact with the same value.
  static func uses(_ answer: Bool) -> Facts {
    Facts(uniqueKeysWithValues: FactKey.allCases.filter { $0.kind == .bool }.map { ($0, .bool(answer)) })
  }

  /// Every change from one document to another, with the last mode where it matters.
  static let moves: [(before: KubeProxyConfig?, after: KubeProxyConfig, lastMode: ProxyMode?)] = {
    let befores: [(KubeProxyConfig?, ProxyMode?)] =
      [(nil, nil)]
      + documents.flatMap { document in
        document.effective.enabled
          ? [(document, nil)] : ([nil] + ProxyMode.allCases.map { $0 }).map { (document, $0) }
      }
    return befores.flatMap { before in documents.map { (before.0, $0, before.1) } }
  }()

  /// The engine's findings for every change under every set of facts.
  static let reports: [(change: ConfigChange, findings: [Finding])] = moves.flatMap { move in
    facts.map { facts in
      let change = change(move.before, move.after, facts, lastMode: move.lastMode)
      return (change, judged(change))
    }
  }

  @Test("No finding is lost, duplicated or out of order")
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

  @Test("A transition rule does not fire on creation", arguments: Catalogue.ids)
  func creation(id: String) throws {
    let rule = try #require(Catalogue.rules.first { $0.id == id })
    guard rule.kind == .transition else { return }
    #expect(Self.reports.allSatisfy { !$0.change.isCreation || verdict(of: rule, on: $0.change) == nil })
  }

  @Test("Each finding has a valid severity and certainty, and complete, printable texts")
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

  @Test("A medium finding's short form has at most two sentences, and remedies do not contain the hint")
  func shortForms() {
    let known = Set(Self.reports.flatMap(\.findings)).filter { $0.certainty != .unknown }
    for finding in known where finding.severity == .medium {
      let shown = finding.brief ?? finding.detail
      #expect(shown.hasSuffix(".") && finding.detail.hasPrefix(shown) && shown.ranges(of: ". ").count < 2, "\(finding)")
      #expect(finding.brief != finding.detail)
    }
    for finding in known where finding.severity != .medium { #expect(finding.brief == nil, "\(finding)") }
    for finding in known where finding.severity >= .high {
      #expect(!finding.remedy.contains("The command "), "\(finding)")
    }
    for finding in known where finding.severity < .high { #expect(finding.hint == nil, "\(finding)") }
    for hint in Set(known.compactMap(\.hint)) { #expect(hint.contains("he command") && hint.hasSuffix("."), "\(hint)") }
    #expect(known.contains { $0.brief != nil } && known.contains { $0.hint != nil })
  }

  @Test("Each step of a rule names the rule, has a phase, and has printable texts")
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

  @Test("Every rule of the catalogue fires for one of these changes")
  func coverage() {
    let fired = Set(Self.reports.flatMap { $0.findings.flatMap { [$0.rule] + $0.folds } })
    #expect(fired == Set(Catalogue.ids))
  }

  @Test("The report does not depend on the order of the facts")
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

  @Test("With another fact recorded, a certain finding never becomes one with a missing fact")
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
