// The formats of an impact report: beside text and JSON, Markdown for a review and HTML for a browser.

internal import ArgumentParser
internal import FairleadModel
internal import FairleadPages

enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case json
  case markdown
  case html
}

struct ReportFormatOptions: ParsableArguments {
  @Option(help: "How to write the report; --output decides where this is left out.") var format: ReportFormat?
}

extension Session {
  /// Writes a document that has a report in the format that was asked for, or else as `--output` has it.
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
