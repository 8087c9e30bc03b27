// Asks every rule, folds what a stronger finding implies, and sorts worst first.

package import FairleadModel

package struct Engine: Sendable {
  private let rules: [any Rule.Type]
  // Sorted out once, since each change asks.
  private let stateRules: [any Rule.Type]
  private let rulesThatLeaveBehind: [any Rule.Type]
  private let ruleByID: [String: any Rule.Type]

  package init(rules: [any Rule.Type] = Catalogue.rules) {
    self.rules = rules
    stateRules = rules.filter { $0.kind == .state }
    rulesThatLeaveBehind = rules.filter { $0.leavesBehind }
    ruleByID = Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }
  }

  /// The findings for a change that has an effect, worst first and, within a severity, in the catalogue's order. Fails
  /// with a `RuleFailure`: what one rule cannot judge, nobody has judged.
  package func findings(for change: ConfigChange) throws -> [Finding] {
    var findings: [Finding] = []
    for rule in change.isCreation ? stateRules : rules {
      if let finding = try ask(rule, about: change) { findings.append(finding) }
    }
    return folded(sorted(findings))
  }

  /// What is true of a configuration as it stands, whoever brought it about. These never add to a verdict.
  package func standingFindings(
    cluster: ClusterKey, facts: ClusterFacts, config: KubeProxyConfig
  ) throws -> [Finding] {
    try findings(for: ConfigChange(cluster: cluster, facts: facts, before: nil, after: config)).map {
      var finding = $0
      finding.standing = true
      return finding
    }
  }

  /// The rules that say what stays on the nodes after `change`; empty where it is clean.
  ///
  /// What only may stay counts too. A finding of severity info says that what stays does no harm, and does not count.
  package func caveats(of change: ConfigChange) throws -> [String] {
    guard change.before != change.after else { return [] }
    return try rulesThatLeaveBehind.filter {
      guard let finding = try ask($0, about: change) else { return false }
      return finding.certainty != .unknown && finding.severity > .info
    }
    .map { $0.id }
  }

  /// What the rules behind `findings` ask a person to do, in the findings' order; those that a finding folds included.
  package func steps(for change: ConfigChange, findings: [Finding]) -> [Step] {
    let firing = findings.filter { !$0.standing && $0.certainty != .unknown }.flatMap { [$0.rule] + $0.folds }
    return firing.flatMap { ruleByID[$0]?.steps(for: change) ?? [] }
  }

  /// The numbers that the facts allow for a change that has an effect; for a creation, of what would stand.
  ///
  /// Where the facts say that no node can run NFTABLES, nothing is known of what runs instead, and nothing is estimated.
  package func estimates(for change: ConfigChange) -> Estimates {
    guard change.after.mode != .nftables || change.mayRunNFTables else { return Estimates() }
    return Estimates(
      rules: RulesProgrammed.estimate(for: change), latency: FirstPacketLatency.estimate(for: change),
      leastConnection: change.after.scheduler == .leastConnection
        ? LeastConnection.estimate(facts: change.facts) : nil,
      disruption: DisruptionWindow.estimate(for: change))
  }

  private func ask(_ rule: any Rule.Type, about change: ConfigChange) throws -> Finding? {
    do {
      return try rule.evaluate(change)
    } catch {
      throw RuleFailure(rule: rule.id, cluster: change.cluster, cause: error)
    }
  }

  /// Hides each finding that another one implies, and names it, with all that it implies in turn, in the `folds` of the
  /// worst finding that speaks for it.
  private func folded(_ findings: [Finding]) -> [Finding] {
    let spokenFor = findings.map { implied(by: $0, among: findings) }
    guard spokenFor.contains(where: { !$0.isEmpty }) else { return findings }
    let weaker = Dictionary(uniqueKeysWithValues: zip(findings.map(\.rule), spokenFor))
    let hidden = Set(weaker.values.joined())
    var told: Set<String> = []
    return findings.filter { !hidden.contains($0.rule) }.map { finding in
      var finding = finding
      var open = weaker[finding.rule] ?? []
      while !open.isEmpty {
        let rule = open.removeFirst()
        guard told.insert(rule).inserted else { continue }
        finding.folds.append(rule)
        open += weaker[rule] ?? []
      }
      return finding
    }
  }

  /// The findings that `finding` speaks for. Only one at least as bad and at least as sure speaks for another: a certain
  /// finding is not hidden behind a guess, nor a guess behind a missing fact.
  private func implied(by finding: Finding, among findings: [Finding]) -> [String] {
    let candidates = ruleByID[finding.rule]?.folds ?? []
    return candidates.filter { id in
      findings.contains { weaker in
        guard weaker.rule == id, weaker.severity <= finding.severity else { return false }
        return switch finding.certainty {
        case .will: true
        case .may: weaker.certainty != .will
        case .unknown: weaker.certainty == .unknown
        }
      }
    }
  }

  private func sorted(_ findings: [Finding]) -> [Finding] {
    // By their places: a finding is ten strings, and not moved about for nothing.
    findings.indices
      .sorted { (findings[$1].severity, $0) < (findings[$0].severity, $1) }
      .map { findings[$0] }
  }
}

/// A rule that could not judge a change: a defect of the rule, and no change goes through on such a report.
package struct RuleFailure: Error, CustomStringConvertible {
  package let rule: String
  package let cluster: ClusterKey
  package let cause: any Error

  package var description: String { "rule \(rule) could not judge a change of \(cluster.display): \(cause)" }
}
