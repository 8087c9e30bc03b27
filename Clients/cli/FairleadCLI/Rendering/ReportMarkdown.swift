// The impact report as Markdown, for a ticket or a review.

internal import FairleadModel

enum ReportMarkdown {
  static func render(_ report: Report) -> String {
    var blocks = ["# \(report.verdict.rawValue.uppercased()): \(prose(report.summary))"]
    if let refusal = report.refusal { blocks.append(prose(refusal)) }
    blocks += report.confirmation.map { "**\(prose($0))**" }
    if !report.overridden.isEmpty {
      blocks.append("Let through by override: \(report.overridden.map(prose).joined(separator: ", ")).")
    }
    blocks += difference(report.diff)
    if !report.findings.isEmpty { blocks.append("## Findings") }
    blocks += report.findingsWorstFirst.flatMap(finding)
    blocks += prerequisites(report.prerequisites)
    let estimates = EstimateText.sentences(report.estimates)
    if !estimates.isEmpty { blocks += ["## Estimates", list(estimates.map(prose))] }
    if report.affected.clusters > 0 { blocks += ["## Affected", prose(EstimateText.reach(report.affected))] }
    if !report.affected.named.isEmpty {
      let named = report.affected.named.prefix(EstimateText.named)
      blocks.append(
        list(named.map { "\($0.effect.rawValue): \(prose($0.subject))" } + EstimateText.unnamed(report).map(prose)))
    }
    if let rollback = report.rollback, !report.isRefused, !report.sequence.contains(where: { $0.phase == .back }) {
      let caveats = rollback.caveats.isEmpty ? "" : ": see \(rollback.caveats.map(prose).joined(separator: ", "))"
      blocks += [
        "## Going back", rollback.clean ? "Clean." : "Not clean\(caveats).", block(rollback.command),
      ]
    }
    if !report.notes.isEmpty { blocks += ["## Notes", list(report.notes.map(prose))] }
    blocks += sequence(report)
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func difference(_ diff: [DiffEntry]) -> [String] {
    guard !diff.isEmpty else { return [] }
    let rows = diff.map { entry in
      let before = DiffText.value(entry.before, isDefault: entry.beforeIsDefault)
      let after = DiffText.value(entry.after, isDefault: entry.afterIsDefault)
      return "| \(prose(entry.path)) | \(prose(before)) | \(prose(after)) |"
    }
    return ["## Difference", (["| value | before | after |", "|---|---|---|"] + rows).joined(separator: "\n")]
  }

  private static func finding(_ finding: Finding) -> [String] {
    let marks = ReportText.marks(finding)
    let suffix = marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"
    var items: [String] = []
    if !finding.remedy.isEmpty { items.append("Fix: \(prose(finding.remedyWithHint))") }
    if !finding.verify.isEmpty { items.append("Check: \(code(finding.verify))") }
    if !finding.source.isEmpty { items.append("Source: \(prose(finding.source))") }
    if !finding.folds.isEmpty { items.append("Covers: \(finding.folds.map(prose).joined(separator: ", "))") }
    return [
      "### \(finding.severity.rawValue.uppercased()) \(prose(finding.rule)): \(prose(finding.title))\(suffix)",
      prose(finding.detail), list(items),
    ].filter { !$0.isEmpty }
  }

  private static func prerequisites(_ items: [Prerequisite]) -> [String] {
    guard !items.isEmpty else { return [] }
    let lines = items.map { "\($0.met ? "[x]" : "[ ]") \($0.id.rawValue): \(prose($0.detail))" }
    return ["## Prerequisites", list(lines)]
  }

  /// The steps as a numbered list, a heading for each phase. A refused change has only the steps before it.
  private static func sequence(_ report: Report) -> [String] {
    let steps = report.sequence.enumerated().filter { !report.isRefused || $0.element.phase == .before }
    var blocks: [String] = []
    var phase: Step.Phase?
    for (index, step) in steps {
      if step.phase != phase {
        phase = step.phase
        blocks.append("## \(heading(step.phase))")
      }
      blocks.append("\(index + 1). \(prose(step.text))")
      if !step.commands.isEmpty { blocks.append(block(step.commands.joined(separator: "\n"))) }
    }
    return blocks
  }

  private static func heading(_ phase: Step.Phase) -> String {
    switch phase {
    case .before: "Before"
    case .during: "Carrying it out"
    case .after: "Afterwards"
    case .back: "Taking it back"
    }
  }

  private static func list(_ items: [String]) -> String { items.map { "- \($0)" }.joined(separator: "\n") }

  /// Text with Markdown's own characters escaped.
  static func prose(_ text: String) -> String {
    sanitized(text).reduce(into: "") { result, character in
      if "\\`*[]|".contains(character) { result.append("\\") }
      result += character == "<" ? "&lt;" : String(character)
    }
  }

  /// A command within a line.
  private static func code(_ text: String) -> String {
    let fence = String(repeating: "`", count: longestRun(in: text) + 1)
    let padding = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    return fence + padding + sanitized(text) + padding + fence
  }

  /// Commands on lines of their own.
  private static func block(_ text: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
    return "\(fence)sh\n\(sanitizedLines(text))\n\(fence)"
  }

  /// The longest run of backquotes: a fence has to be longer than that.
  private static func longestRun(in text: String) -> Int {
    var longest = 0
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
