// One change for a person who watches: who, when, what, and the difference that it made.

internal import FairleadModel

enum WatchText {
  static func render(_ change: ChangeLine, _ report: Result<Report, Failure>, _ layout: Layout) -> String {
    let style = Style(layout)
    let verdict =
      Severity(rawValue: change.verdict).map { style.severity($0) } ?? sanitized(change.verdict.uppercased())
    var lines = [
      "\(style.bold("change \(change.seq)"))  \(change.at.toTheSecond)  by \(sanitized(change.actor))  \(verdict)",
      wrapped(
        sanitized(change.summary + (change.message.map { " (\($0))" } ?? "")), width: layout.width, first: "  "),
    ]
    switch report {
    case .success(let report):
      lines += DiffText.lines(report.diff, indent: "    ")
      lines += report.confirmation.map { wrapped($0, width: layout.width, first: "  ") }
    case .failure(let failure):
      lines.append("  (\(sanitized(failure.message)); its difference: fairlead report \(change.seq))")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
