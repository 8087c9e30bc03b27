// A finding, and the groups in which a page shows them.

internal import FairleadModel

struct FindingView {
  /// Its place on the page, for links.
  let id: String
  let severity: String
  let word: String
  let icon: String
  let rule: String
  let title: String
  let certainty: String
  let certaintyWord: String
  let isStanding: Bool
  let detail: [String]
  let remedy: [String]
  let verify: [String]
  let source: [String]
  let folds: [String]

  init(_ finding: Finding, id: String) {
    self.id = id
    severity = finding.severity.rawValue
    word = finding.severity.word
    icon = SeverityMark.svg(finding.severity)
    rule = finding.rule
    title = finding.title
    certainty = finding.certainty.rawValue
    certaintyWord = finding.certainty.word
    isStanding = finding.standing
    detail = optional(finding.detail)
    remedy = optional(finding.remedyWithHint)
    verify = optional(finding.verify)
    source = optional(finding.source)
    folds = optional(finding.folds.joined(separator: ", "))
  }
}

/// Findings of one severity.
struct FindingGroup {
  let severity: String
  let groupWord: String
  let count: String
  let findings: [FindingView]
}

/// Findings that depend on one fact that is not recorded.
struct MissingGroup {
  let flag: [String]
  let means: [String]
  let findings: [FindingView]
}

/// A report's findings with their places on the page, worst first; those that a missing fact would settle apart from them.
struct FindingList {
  let known: [(finding: Finding, id: String)]
  let unknown: [(finding: Finding, id: String)]

  init(_ report: Report) {
    let all = report.findingsWorstFirst.enumerated().map { (finding: $1, id: "finding-\($0 + 1)") }
    known = all.filter { $0.finding.certainty != .unknown }
    unknown = all.filter { $0.finding.certainty == .unknown }
  }

  var groups: [FindingGroup] {
    Severity.allCases.reversed().compactMap { severity in
      let part = known.filter { $0.finding.severity == severity }
      guard !part.isEmpty else { return nil }
      return FindingGroup(
        severity: severity.rawValue, groupWord: severity.word, count: String(part.count),
        findings: part.map { FindingView($0.finding, id: $0.id) })
    }
  }

  var missing: [MissingGroup] {
    var facts: [FactKey?] = []
    for item in unknown where !facts.contains(item.finding.missingFact) { facts.append(item.finding.missingFact) }
    return facts.map { fact in
      MissingGroup(
        flag: optional(fact?.flag), means: optional(fact?.summary),
        findings: unknown.filter { $0.finding.missingFact == fact }.map { FindingView($0.finding, id: $0.id) })
    }
  }

  /// The place of a rule's finding on the page; for a rule that another one folds, the place of that one's finding.
  func id(of rule: String) -> String? {
    let all = known + unknown
    return (all.first { $0.finding.rule == rule } ?? all.first { $0.finding.folds.contains(rule) })?.id
  }
}
