// Rows under columns: aligned text, a table with az's titles, or tab-separated values.

/// A column of a list of `Item`s.
struct Column<Item>: Sendable {
  /// az's title; `nil` for a column of text only.
  let title: String?
  /// The heading in text; `nil` for a column of tables only.
  let heading: String?
  let value: @Sendable (Item) -> String

  init(_ title: String?, _ heading: String?, _ value: @escaping @Sendable (Item) -> String) {
    self.title = title
    self.heading = heading
    self.value = value
  }
}

struct Table: Sendable, Hashable {
  enum Form: Sendable, Hashable {
    /// Headings in capitals.
    case text
    /// Titles, underlined.
    case table
    /// Values only.
    case tsv
  }

  var header: [String]
  var rows: [[String]]

  /// The table of `items` with the columns that `form` has.
  init<Item>(_ items: [Item], _ columns: [Column<Item>], for form: Form) {
    let shown = columns.compactMap { column in
      (form == .text ? column.heading : column.title).map { (name: $0, value: column.value) }
    }
    header = shown.map(\.name)
    rows = items.map { item in shown.map { sanitized($0.value(item)) } }
  }

  /// The whole table.
  func text(_ form: Form, _ layout: Layout) -> String {
    var writer = TableWriter(form, layout)
    return writer.text(self)
  }
}

/// Writes a table in parts, with one header, and columns that keep their place.
struct TableWriter {
  private let form: Table.Form
  private let layout: Layout
  private var widths: [Int]?

  init(_ form: Table.Form, _ layout: Layout) {
    self.form = form
    self.layout = layout
  }

  mutating func text(_ table: Table) -> String {
    if form == .tsv { return table.rows.map { $0.joined(separator: "\t") + "\n" }.joined() }
    var lines: [String] = []
    let columns = table.header.indices
    let needed = columns.map { column in table.rows.reduce(0) { max($0, $1[column].count) } }
    if let widths {
      self.widths = columns.map { max(widths[$0], needed[$0]) }
    } else {
      widths = columns.map { max(table.header[$0].count, needed[$0]) }
      lines.append(line(table.header))
      if form == .table { lines.append(line((widths ?? []).map { String(repeating: "-", count: $0) })) }
    }
    lines += table.rows.map(line)
    return lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")
  }

  private func line(_ cells: [String]) -> String {
    guard let last = cells.last, let widths else { return "" }
    let lead = zip(cells, widths).dropLast().map { $0.padded(to: $1) + "  " }.joined()
    guard form == .text, layout.isTerminal, lead.count + 20 <= layout.width else {
      return (lead + last).trimmingTrailingSpaces
    }
    return wrapped(last, width: layout.width, first: lead).trimmingTrailingSpaces
  }
}

extension String {
  var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
