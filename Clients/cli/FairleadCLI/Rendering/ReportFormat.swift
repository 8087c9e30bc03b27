// The formats of an impact report: beside text and JSON, Markdown for a review and HTML for a browser.

enum ReportFormat: String, CaseIterable, Sendable, Hashable {
  case text
  case json
  case markdown
  case html
}
