// Text output: wrapping, tables and YAML.

internal import ExactJSON
internal import Testing

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
}
