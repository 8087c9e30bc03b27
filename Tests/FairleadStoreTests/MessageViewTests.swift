// Messages in the audit views: as they are, or as JSON text where a terminal or a comparison could be fooled.

import DaemonTestSupport
import ExactJSON
import LedgerTestSupport
import Testing

@Suite("Messages in the audit views")
struct MessageViewTests {
  private static let acted: [ClosedRange<UInt32>] = [
    0...8, 0xB...0x1F, 0x7F...0x9F, 0x61C...0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
  ]

  /// A message as an old daemon's record holds it, and with every character outside of ASCII as an escape.
  private func shown(_ message: String) throws -> [String] {
    let fixture = try LedgerFixture()
    let plain = JSON.string(message).text
    let ascii = plain.unicodeScalars.map { scalar in
      scalar.isASCII && scalar.value != 0x7F
        ? String(scalar) : scalar.utf16.map { "\\u" + hex($0) }.joined()
    }.joined()
    for (index, text) in [plain, ascii].enumerated() {
      let record = #"{"kind":"feature","message":\#(text)}"#.replacing("'", with: "''")
      try execute(
        fixture.path,
        "INSERT INTO change (seq, at, actor_uid, record) VALUES (\(index + 1), '2026', 0, '\(record)')")
    }
    return try fixture.sql("SELECT message FROM audit_log ORDER BY seq")
  }

  private func hex(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  @Test(
    "A message without control characters is shown as it is",
    arguments: [
      "plain", "a\tb\nc", #"C:\u0000 \\u001b \b \r"#, #""quoted""#, "é 日本 😀 \u{200B}\u{202F}", "it's", "",
    ])
  func unchanged(message: String) throws { #expect(try shown(message) == [message, message]) }

  @Test(
    "A message with a character that a terminal acts on, or that ends a comparison, is shown as JSON text without it")
  func escaped() throws {
    for value in Self.acted.joined() {
      let scalar = try #require(Unicode.Scalar(value))
      let message = "approved\\\(scalar) \\\\ by\n\(scalar)CAB"
      let shown = try shown(message)
      #expect(shown.count == 2)
      for text in shown {
        #expect(try JSON(parsing: text).stringValue == message, "U+\(String(value, radix: 16))")
        #expect(!text.unicodeScalars.contains { scalar in Self.acted.contains { $0.contains(scalar.value) } })
      }
    }
  }
}
