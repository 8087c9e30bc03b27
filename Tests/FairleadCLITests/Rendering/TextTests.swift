// Text output: wrapping, tables and YAML.

internal import ExactJSON
internal import FairleadModel
internal import Testing
internal import Yams

@testable internal import FairleadCLI

@Suite("Text")
struct TextTests {
  @Test("prose is wrapped between words, and later lines are indented to the first word")
  func folding() {
    #expect(wrapped("one two three four", width: 12, first: "  - ") == "  - one two\n    three\n    four")
  }

  @Test("a word longer than the line is not broken")
  func longWord() {
    #expect(
      wrapped("see https://example.org/a/long/path now", width: 12) == "see\nhttps://example.org/a/long/path\nnow")
  }

  @Test("an empty text prints only its lead")
  func emptyProse() { #expect(wrapped("", width: 10, first: "  ") == "  ") }

  private struct Row { let name: String, note: String }
  private static let columns: [Column<Row>] = [
    Column("Name", "NAME") { $0.name }, Column(nil, "SHORT") { _ in "s" }, Column("Long", nil) { _ in "l" },
    Column("Note", "NOTE") { $0.note },
  ]
  private static let rows = [Row(name: "web", note: "first"), Row(name: "a-longer-name", note: "second\tline")]

  @Test("a text table has headings in capitals and aligned columns")
  func textTable() {
    #expect(
      Table(Self.rows, Self.columns, for: .text).text(.text, Layout()) == """
        NAME           SHORT  NOTE
        web            s      first
        a-longer-name  s      second line

        """)
  }

  @Test("az's table format has underlined headings")
  func azTable() {
    #expect(
      Table(Self.rows, Self.columns, for: .table).text(.table, Layout()) == """
        Name           Long  Note
        -------------  ----  -----------
        web            l     first
        a-longer-name  l     second line

        """)
  }

  @Test("tab-separated values have no header, and tabs only as separators")
  func tsv() {
    #expect(
      Table(Self.rows, Self.columns, for: .tsv).text(.tsv, Layout())
        == "web\tl\tfirst\na-longer-name\tl\tsecond line\n")
  }

  @Test("on a terminal the last column is wrapped, elsewhere each row is one line")
  func foldedRows() {
    let rows = [Row(name: "web", note: "why this was done, in more words than fit")]
    let table = Table(rows, Self.columns, for: .text)
    #expect(
      table.text(.text, Layout(width: 40, isTerminal: true)) == """
        NAME  SHORT  NOTE
        web   s      why this was done, in more
                     words than fit

        """)
    #expect(table.text(.text, Layout(width: 40)).split(separator: "\n").count == 2)
  }

  @Test("a table that is printed in parts has one header, and its columns only get wider")
  func parts() {
    var writer = TableWriter(.text, Layout())
    #expect(
      writer.text(Table([Self.rows[0]], Self.columns, for: .text)) == "NAME  SHORT  NOTE\nweb   s      first\n")
    #expect(writer.text(Table([Self.rows[1]], Self.columns, for: .text)) == "a-longer-name  s      second line\n")
    #expect(writer.text(Table([Self.rows[0]], Self.columns, for: .text)) == "web            s      first\n")
  }

  @Test("YAML quotes strings that would parse as another type")
  func yaml() throws {
    let value: JSON = [
      "mode": "IPVS", "version": "1.33", "flag": "true", "on": true, "count": 3, "none": .null, "list": ["a", 1],
      "text": "a: b",
    ]
    #expect(
      try yamlText(value) == """
        mode: IPVS
        version: '1.33'
        flag: 'true'
        'on': true
        count: 3
        none: null
        list:
        - a
        - 1
        text: 'a: b'

        """)
  }

  /// What a terminal acts on: an escape sequence of C0 and one of C1, DEL, marks of direction and separators.
  private static let hostile =
    "a\u{1B}[2J \u{9B}31m \u{7F} \u{202E}gnp\u{202C} \u{2066}x\u{2069} \u{200F}\u{61C}\u{2028}\u{2029}\r\n\tz Ä 漢 🚢"

  @Test("JSON and YAML hold nothing that a terminal would act on, and the same values")
  func terminal() throws {
    let value: JSON = ["message": .string(Self.hostile), "\u{202E}key": ["x", .string("\u{85}")], "plain": "Ä\n\tb"]
    for text in [value.shownText, value.shownLine] {
      #expect(!text.unicodeScalars.contains { $0.isControl && $0 != "\n" })
      #expect(try JSON(parsing: text) == value)
      #expect(text.contains("\\u202egnp\\u202c"))
    }
    #expect(value.shownLine.split(separator: "\n").count == 1)
    let yaml = try yamlText(value)
    #expect(!yaml.unicodeScalars.contains { $0.isControl && $0 != "\n" && $0 != "\t" }, "\(yaml)")
    #expect(try Self.parsedYAML(yaml) == value)
  }

  private static func parsedYAML(_ text: String) throws -> JSON {
    func json(_ node: Node) throws -> JSON {
      switch node {
      case .scalar(let scalar): return .string(scalar.string)
      case .sequence(let items): return .array(try items.map(json))
      case .mapping(let pairs):
        return .object(
          JSONObject(try pairs.map { .init(key: try #require($0.key.scalar?.string), value: try json($0.value)) }))
      case .alias: throw CancellationError()
      }
    }
    return try json(try #require(try Yams.compose(yaml: text)))
  }
}
