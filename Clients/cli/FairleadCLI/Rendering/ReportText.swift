// The impact report for a person in a hurry: the verdict first, then the difference, then what is to be known and done.

internal import FairleadModel

struct ReportText {
  let layout: Layout
  private let style: Style

  init(_ layout: Layout) {
    self.layout = layout
    style = Style(layout)
  }

  /// The whole report, which ends with the commands that carry it out; a refused change has none to run.
  func render(_ report: Report) -> String {
    join([body(report), report.isRefused ? "" : apply(report)])
  }

  /// Everything but the commands that carry it out.
  func body(_ report: Report) -> String {
    let sections = [
      head(report), section("Difference", DiffText.lines(report.diff)), findings(report), prerequisites(report),
      estimates(report), affected(report), rollback(report), notes(report),
    ]
    return join(sections.map { $0.isEmpty ? "" : $0.joined(separator: "\n") + "\n" })
  }

  /// The commands that carry it out, as they are: a document in them must keep its lines.
  func apply(_ report: Report) -> String {
    let commands = report.sequence.filter { $0.phase == .during }.flatMap(\.commands)
    guard !commands.isEmpty else { return "" }
    let heading = style.bold(report.seq == nil ? "To carry it out, once it is recorded:" : "To carry it out:")
    return ([heading] + commands.map(plainLines)).joined(separator: "\n") + "\n"
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
    return lines
  }

  private func findings(_ report: Report) -> [String] {
    let width = report.findings.reduce(0) { max($0, $1.severity.rawValue.count) }
    return section("Findings", report.findingsWorstFirst.flatMap { finding($0, width) })
  }

  private func finding(_ finding: Finding, _ width: Int) -> [String] {
    let word = finding.severity.rawValue.uppercased()
    let lead = "  \(word.padded(to: width))  \(plain(finding.rule))  "
    let marks = Self.marks(finding)
    let title = prose(finding.title + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"), first: lead)
    var lines = ["  " + style.severity(finding.severity) + title.dropFirst(2 + word.count)]
    if !finding.detail.isEmpty { lines.append(prose(finding.detail, first: "    ")) }
    if !finding.remedy.isEmpty { lines.append(prose(finding.remedy, first: "    fix:    ")) }
    // A command stays on its line, however long.
    if !finding.verify.isEmpty { lines += command(finding.verify, first: "    check:  ") }
    if !finding.source.isEmpty { lines.append(prose(finding.source, first: "    source: ")) }
    if !finding.folds.isEmpty {
      lines.append(prose(finding.folds.joined(separator: ", "), first: "    covers: "))
    }
    return lines
  }

  /// What is to be said of a finding beside its severity.
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

  private func prerequisites(_ report: Report) -> [String] {
    section(
      "Prerequisites",
      report.prerequisites.flatMap { item in
        let line = prose("\(item.id.rawValue): \(item.detail)", first: item.met ? "  [x] " : "  [ ] ")
        return item.met || item.command.isEmpty ? [line] : [line] + command(item.command, first: "      ")
      })
  }

  private func estimates(_ report: Report) -> [String] {
    section("Estimates", EstimateText.sentences(report.estimates).map { prose($0, first: "  ") })
  }

  private func affected(_ report: Report) -> [String] {
    // A registration that opens and closes nothing reaches no cluster, which need not be said.
    guard report.affected.clusters > 0 else { return [] }
    return section(
      "Affected",
      [prose(EstimateText.reach(report.affected), first: "  ")]
        + report.affected.named.map { "  \($0.effect.rawValue.padded(to: 6))  \(plain($0.subject))" })
  }

  private func rollback(_ report: Report) -> [String] {
    // From what is refused there is nothing to go back.
    guard let rollback = report.rollback, !report.isRefused else { return [] }
    let caveats = rollback.caveats.isEmpty ? "" : ": see \(rollback.caveats.joined(separator: ", "))"
    let how = rollback.clean ? "To go back (clean)" : "To go back (not clean\(caveats))"
    return section(plain(how), command(rollback.command, first: "  "))
  }

  private func notes(_ report: Report) -> [String] {
    section("Notes", report.notes.map { prose($0, first: "  - ") })
  }

  /// A command as it is. One of several lines starts on a line of its own, at the margin, or it could not be copied.
  private func command(_ command: String, first: String) -> [String] {
    let text = plainLines(command)
    return text.contains("\n") ? [first.trimmingTrailingSpaces, text].filter { !$0.isEmpty } : [first + text]
  }
}
