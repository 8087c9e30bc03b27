// Output to a terminal: control characters, width and colour.

internal import Testing

@testable internal import FairleadCLI

@Suite("The terminal")
struct LayoutTests {
  @Test(
    "control characters are printed as visible characters, and line ends become spaces",
    arguments: [
      ("plain text, \u{E4}\u{F6}\u{FC}", "plain text, \u{E4}\u{F6}\u{FC}"), ("a\u{1B}[31mb", "a\\x1b[31mb"),
      ("a\nb\tc\rd", "a b c d"), ("\u{0}\u{7}\u{7F}", "\\x00\\x07\\x7f"), ("\u{85}\u{9B}", "\\x85\\x9b"),
      ("a\u{202E}b\u{2028}", "a\\u{202e}b\\u{2028}"), ("a\r\nb", "a  b"),
    ])
  func sanitising(text: String, shown: String) {
    #expect(sanitized(text) == shown)
  }

  @Test("a command keeps its line ends and tabs, and other control characters are printed as visible characters")
  func commandLines() { #expect(sanitizedLines("a\n\tb\u{1B}c") == "a\n\tb\\x1bc") }

  @Test(
    "colour needs a terminal, and NO_COLOR unset or empty",
    arguments: [
      (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
      (true, ["TERM": "dumb"], false), (false, ["NO_COLOR": ""], false),
    ] as [(Bool, [String: String], Bool)])
  func colour(isTerminal: Bool, environment: [String: String], expected: Bool) {
    let layout = Layout(isTerminal: isTerminal, columns: nil, environment: Environment(environment))
    #expect(layout.hasColour == expected)
  }

  @Test(
    "the width is the terminal's, and 80 without one",
    arguments: [(true, 120, 120), (true, nil, 80), (false, 120, 80), (true, 10, 40)] as [(Bool, Int?, Int)])
  func width(isTerminal: Bool, columns: Int?, expected: Int) {
    #expect(Layout(isTerminal: isTerminal, columns: columns, environment: Environment([:])).width == expected)
  }
}
