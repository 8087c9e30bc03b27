// The forms of output, and the one place that renders each of them.

internal import ExactJSON
internal import FairleadModel

enum Output: String, Sendable, Hashable, CaseIterable {
  case text
  case json
  case yaml
  case table
  case tsv
  case none

  /// Reads the word without case, as az does.
  init?(argument: String) { self.init(rawValue: argument.lowercased()) }

  /// Everything that is written to stdout for `document`, with its final line feed.
  func render(_ document: Document, _ layout: Layout) throws(Failure) -> String {
    switch self {
    case .text: return try document.text(layout)
    case .json: return document.json.shownText
    case .yaml: return try yamlText(document.json)
    case .table: return try document.table(.table).text(.table, layout)
    case .tsv: return try document.table(.tsv).text(.tsv, layout)
    case .none: return ""
    }
  }
}

extension JSON {
  /// The value as text of several lines, for people and programs, which no terminal acts on.
  var shownText: String { escapedInQuotes(prettyText) + "\n" }

  /// The value as one line, which no terminal acts on.
  var shownLine: String { escapedInQuotes(text) + "\n" }
}

/// What a command has to show, in the three shapes that outputs are made of. Text and table are made on demand: JSON
/// output works even where this command does not understand the daemon's answer.
struct Document {
  let json: JSON
  let table: (Table.Form) throws(Failure) -> Table
  let text: (Layout) throws(Failure) -> String
}

extension Document {
  /// A document of one item, which is shown as a row in text as well. `shown` is its JSON, where that says more than the wire.
  static func row<Item>(
    _ json: JSON, shown: JSON? = nil, _ columns: [Column<Item>],
    _ read: @escaping (JSONObjectDecoder) throws(Refusal) -> Item
  ) -> Document {
    Document(
      json: shown ?? json,
      table: { (form) throws(Failure) in Table([try DaemonReply.read(json, read)], columns, for: form) },
      text: { (layout) throws(Failure) in
        Table([try DaemonReply.read(json, read)], columns, for: .text).text(.text, layout)
      })
  }
}
