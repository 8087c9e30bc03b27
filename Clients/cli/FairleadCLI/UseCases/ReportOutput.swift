// Writes an impact report in the form that was asked for.

internal import FairleadModel
internal import FairleadPages

extension Session {
  /// Writes a document that is about a report in the format that was asked for, or else as `--output` has it.
  func show(
    _ document: Document, as format: ReportFormat?, _ report: () throws(Failure) -> Report
  ) throws(Failure) {
    switch format {
    case .text: console.out(try Output.text.render(document, console.outLayout))
    case .json: console.out(try Output.json.render(document, console.outLayout))
    case .markdown: console.out(ReportMarkdown.render(try report()))
    case .html: console.out(ReportPage.render(try report(), generated: Timestamp.made.text))
    case nil: try show(document)
    }
  }
}
