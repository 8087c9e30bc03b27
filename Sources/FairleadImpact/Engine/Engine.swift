// Asks every rule about a change, folds findings that a stronger one implies, and sorts them worst first.

package import FairleadModel

/// Judges changes by a list of rules. A value without state, so every thread may use one.
package struct Engine: Sendable {
  private let rules: [any Rule.Type]
  // Computed once rather than for each report.
  private let stateRules: [any Rule.Type]
  private let rulesThatLeaveBehind: [any Rule.Type]
  private let ruleByID: [String: any Rule.Type]
  /// The ids of the rules that a rule folds; no entry where it folds none.
  private let foldedIDs: [String: [String]]

  /// `rules` in the order that decides between findings of one severity.
  package init(rules: [any Rule.Type]) {
    self.rules = rules
    stateRules = rules.filter { $0.kind == .state }
    rulesThatLeaveBehind = rules.filter { $0.leavesBehind }
    ruleByID = Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }
    foldedIDs = Dictionary(rules.filter { !$0.folds.isEmpty }.map { ($0.id, $0.folds.map { $0.id }) }) { first, _ in
      first
    }
  }

  /// The findings for a change that has an effect, worst first and, within a severity, in the rules' order.
  ///
  /// Throws a `RuleFailure` where a rule fails: a report that lacks one rule's answer would be taken for a whole one.
  package func findings(for change: ConfigChange) throws -> [Finding] {
    var findings: [Finding] = []
    for rule in change.isCreation ? stateRules : rules {
      if let finding = try ask(rule, about: change) { findings.append(finding) }
    }
    return folded(sorted(findings))
  }

  /// What the state rules say of a configuration as it is, without a change. Standing findings never raise a verdict.
  package func standingFindings(
    cluster: ClusterKey, facts: ClusterFacts, config: KubeProxyConfig
  ) throws -> [Finding] {
    try findings(for: ConfigChange(cluster: cluster, facts: facts, before: nil, after: config)).map {
      var finding = $0
      finding.standing = true
      return finding
    }
  }

  /// The ids of the rules that find something left on the nodes after `change`; empty where it leaves nothing.
  ///
  /// What only may be left counts too. A finding of severity info is left out: what it says is left does no harm.
  package func caveats(of change: ConfigChange) throws -> [String] {
    guard change.before != change.after else { return [] }
    return try rulesThatLeaveBehind.filter {
      guard let finding = try ask($0, about: change) else { return false }
      return finding.certainty != .unknown && finding.severity > .info
    }
    .map { $0.id }
  }

  /// The steps that the rules behind `findings` ask for, in the findings' order; the rules that a finding folds are
  /// asked as well.
  package func steps(for change: ConfigChange, findings: [Finding]) -> [Step] {
    let firing = findings.filter { !$0.standing && $0.certainty != .unknown }.flatMap { [$0.rule] + $0.folds }
    return firing.flatMap { ruleByID[$0]?.steps(for: change) ?? [] }
  }

  private func ask(_ rule: any Rule.Type, about change: ConfigChange) throws -> Finding? {
    do {
      return try rule.evaluate(change)
    } catch {
      throw RuleFailure(rule: rule.id, cluster: change.cluster, cause: error)
    }
  }

  /// Hides each finding that another one implies. Its id goes into the `folds` of the worst finding that implies it,
  /// together with the ids of all that it implies in turn.
  private func folded(_ findings: [Finding]) -> [Finding] {
    let impliedBy = findings.map { implied(by: $0, among: findings) }
    guard impliedBy.contains(where: { !$0.isEmpty }) else { return findings }
    var isHidden = [Bool](repeating: false, count: findings.count)
    for position in impliedBy.joined() { isHidden[position] = true }
    var isListed = [Bool](repeating: false, count: findings.count)
    return findings.indices.filter { !isHidden[$0] }.map { position in
      var finding = findings[position]
      var open = impliedBy[position]
      while !open.isEmpty {
        let next = open.removeFirst()
        guard !isListed[next] else { continue }
        isListed[next] = true
        finding.folds.append(findings[next].rule)
        open += impliedBy[next]
      }
      return finding
    }
  }

  /// The positions of the findings that `finding` folds. It has to be at least as severe and at least as certain: no
  /// certain finding is hidden behind one that only may be, and none of these behind one that depends on a missing fact.
  private func implied(by finding: Finding, among findings: [Finding]) -> [Int] {
    guard let ids = foldedIDs[finding.rule] else { return [] }
    return ids.compactMap { id in
      findings.firstIndex { weaker in
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
    // Sorts indices: a finding holds more than ten strings, each with a reference count, and is moved once this way.
    findings.indices
      .sorted { (findings[$1].severity, $0) < (findings[$0].severity, $1) }
      .map { findings[$0] }
  }
}

/// A rule that failed on a change, which is a defect of the rule. The change is refused, since its report would be
/// incomplete.
package struct RuleFailure: Error, CustomStringConvertible {
  package let rule: String
  package let cluster: ClusterKey
  package let cause: any Error

  package var description: String { "rule \(rule) could not judge a change of \(cluster.display): \(cause)" }
}
