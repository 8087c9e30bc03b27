// The impact report as text for a terminal: the verdict first, then the difference, the findings and the steps.

internal import FairleadModel

struct ReportText {
  let layout: Layout
  private let style: Style

  init(_ layout: Layout) {
    self.layout = layout
    style = Style(layout)
  }

  /// The whole report, which ends with what to do; a refused change has nothing to carry out.
  func render(_ report: Report) -> String { join([body(report), sequel(report)]) }

  /// What a person decides by: everything up to the steps that come before the change.
  func body(_ report: Report) -> String {
    let sections = [
      head(report), section("Difference", DiffText.lines(report.diff)), findings(report), unknowns(report),
      prerequisites(report), estimates(report), affected(report), notes(report), steps(report, [.before]),
    ]
    return join(sections.map { $0.isEmpty ? "" : $0.joined(separator: "\n") + "\n" })
  }

  /// What a person does once the change is recorded: carry it out, check it, go back.
  func sequel(_ report: Report) -> String {
    // What is refused has nothing to carry out, and nothing to go back from.
    guard !report.isRefused else { return "" }
    let sections = [steps(report, [.during]), steps(report, [.after]), back(report)]
    return join(sections.map { $0.isEmpty ? "" : $0.joined(separator: "\n") + "\n" })
  }

  private func join(_ parts: [String]) -> String { parts.filter { !$0.isEmpty }.joined(separator: "\n") }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [style.bold(title)] + lines
  }

  private func prose(_ text: String, first: String) -> String { wrapped(text, width: layout.width, first: first) }

  private func head(_ report: Report) -> [String] {
    let word = report.verdict.rawValue.uppercased()
    // The word is painted after the line is folded, since the colour has no width.
    let line = prose(report.summary, first: word + "  ")
    var lines = [style.severity(report.verdict) + line.dropFirst(word.count)]
    if let refusal = report.refusal { lines.append(prose(refusal, first: "")) }
    lines += report.confirmation.map { prose($0, first: "") }
    if !report.overridden.isEmpty {
      lines.append(prose("Let through by override: \(report.overridden.joined(separator: ", ")).", first: ""))
    }
    if let rollback = report.rollback, !rollback.clean, !report.isRefused {
      let rules = rollback.caveats.joined(separator: ", ")
      lines.append(prose("Going back is not clean: \(rules.isEmpty ? "something stays behind" : rules).", first: ""))
    }
    return lines
  }

  private func findings(_ report: Report) -> [String] {
    let known = report.findingsWorstFirst.filter { $0.certainty != .unknown }
    return section("Findings", known.flatMap { finding($0, width(known)) })
  }

  /// The findings that depend on a missing fact, a line each: the flag that supplies it, and the title.
  private func unknowns(_ report: Report) -> [String] {
    let open = report.findingsWorstFirst.filter { $0.certainty == .unknown }
    return section(
      open.count == 1 ? "Not known; this fact would settle it" : "Not known; these facts would settle it",
      open.map { finding in
        let flag = finding.missingFact.map { "\($0.flag): " } ?? ""
        return titled(finding, flag + finding.title + (finding.standing ? " (standing)" : ""), width(open))
      })
  }

  private func width(_ findings: [Finding]) -> Int { findings.reduce(0) { max($0, $1.severity.rawValue.count) } }

  /// From high on with what happens and what to do, medium with the short form of what happens. Below that the title is
  /// enough; `fairlead explain` and the other formats have the rest. The hint is left out: the command that it is about
  /// is among the steps.
  private func finding(_ finding: Finding, _ width: Int) -> [String] {
    let marks = Self.marks(finding)
    var lines = [titled(finding, finding.title + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"), width)]
    guard finding.severity >= .medium else { return lines }
    let detail = finding.severity >= .high ? finding.detail : finding.brief ?? finding.detail
    if !detail.isEmpty { lines.append(prose(detail, first: "    ")) }
    if finding.severity >= .high, !finding.remedy.isEmpty {
      lines.append(prose(finding.remedy, first: "    fix:    "))
    }
    if !finding.folds.isEmpty {
      lines.append(prose(finding.folds.joined(separator: ", "), first: "    covers: "))
    }
    return lines
  }

  private func titled(_ finding: Finding, _ text: String, _ width: Int) -> String {
    let word = finding.severity.rawValue.uppercased()
    let line = prose(text, first: "  \(word.padded(to: width))  \(sanitized(finding.rule))  ")
    // The word is painted after the line is folded, since the colour has no width.
    return "  " + style.severity(finding.severity) + line.dropFirst(2 + word.count)
  }

  /// What is said of a finding beside its severity: its certainty and whether it is standing.
  static func marks(_ finding: Finding) -> [String] {
    var marks: [String] = []
    switch finding.certainty {
    case .will: break
    case .may: marks.append("may")
    case .unknown: marks.append(finding.missingFact.map { "unknown without \($0.flag)" } ?? "unknown")
    }
    if finding.standing { marks.append("standing") }
    return marks
  }

  /// Those that are met in one line; the commands for the others are among the steps before the change.
  private func prerequisites(_ report: Report) -> [String] {
    let met = report.prerequisites.filter(\.met).map(\.id.rawValue)
    let unmet = report.prerequisites.filter { !$0.met }
    return section(
      "Prerequisites",
      (met.isEmpty ? [] : [prose(met.joined(separator: ", "), first: "  [x] ")])
        + unmet.map { prose("\($0.id.rawValue): \($0.detail)", first: "  [ ] ") })
  }

  private func estimates(_ report: Report) -> [String] {
    section("Estimates", EstimateText.sentences(report.estimates).map { prose($0, first: "  ") })
  }

  private func affected(_ report: Report) -> [String] {
    // A registration that opens and closes no gate reaches no cluster.
    guard report.affected.clusters > 0 else { return [] }
    return [style.bold("Affected: \(EstimateText.reach(report.affected))")]
      + report.affected.named.prefix(EstimateText.named).map {
        "  \($0.effect.rawValue.padded(to: 6))  \(sanitized($0.subject))"
      } + EstimateText.unnamed(report).map { "  \($0)" }
  }

  /// The steps back; of a change that has none, such as one in text only, the command alone.
  private func back(_ report: Report) -> [String] {
    let steps = steps(report, [.back])
    guard steps.isEmpty, let rollback = report.rollback else { return steps }
    return section("To go back", command(rollback.command, first: "  "))
  }

  /// The steps of some phases under their heading, numbered through the whole report.
  private func steps(_ report: Report, _ phases: Set<Step.Phase>) -> [String] {
    let chosen = report.sequence.enumerated().filter { phases.contains($0.element.phase) }
    guard let first = chosen.first?.element.phase else { return [] }
    return section(
      heading(first, isRecorded: report.seq != nil),
      chosen.flatMap { index, step in
        [prose(step.text, first: "  \(index + 1). ")] + step.commands.flatMap { command($0, first: "       ") }
      })
  }

  private func heading(_ phase: Step.Phase, isRecorded: Bool) -> String {
    switch phase {
    case .before: "Before"
    case .during: isRecorded ? "To carry it out" : "To carry it out, once it is recorded"
    case .after: "Afterwards"
    case .back: "To go back"
    }
  }

  private func notes(_ report: Report) -> [String] {
    section("Notes", report.notes.map { prose($0, first: "  - ") })
  }

  /// A command as it is. One of several lines starts on a line of its own, at the margin, or it could not be copied.
  private func command(_ command: String, first: String) -> [String] {
    let text = sanitizedLines(command)
    return text.contains("\n") ? [first.trimmingTrailingSpaces, text].filter { !$0.isEmpty } : [first + text]
  }
}
