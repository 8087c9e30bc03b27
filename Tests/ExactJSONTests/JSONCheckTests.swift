// The check of JSON text accepts what the parser accepts, and nothing else.

import ExactJSON
import Testing

@Suite("Checking JSON text without reading it")
struct JSONCheckTests {
  private static let document =
    #"{"a":[1,-0.5e+3,0,true,false,null],"é":"\u00e9\n\\\"\ud83d\ude00","o":{"x":{},"y":[]}, "s" : "z"}"#

  @Test(
    "agrees with the parser",
    arguments: [
      document, "", " ", "1", "01", "-", "1.", "1e", "1e5", "\"", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\"", "\"\t\"",
      "{", "{}",
      "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "tru", "true false", "nul", "[[[]]]",
      String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
      String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ])
  func agrees(text: String) {
    #expect(JSON.isWellFormed(Array(text.utf8)) == ((try? JSON(parsing: text)) != nil), "\(text)")
  }

  @Test("agrees with the parser on a document in which any one byte is another one")
  func damaged() {
    let bytes = Array(Self.document.utf8)
    for index in bytes.indices {
      for other: UInt8 in [0x00, 0x09, 0x22, 0x2C, 0x30, 0x5C, 0x5D, 0x65, 0x7B, 0x7F, 0x80, 0xC3, 0xFF] {
        var damaged = bytes
        damaged[index] = other
        // A key that becomes equal to another one is the parser's business alone.
        let expected =
          switch Result(catching: { () throws(JSONSyntaxError) in try JSON(parsing: damaged) }) {
          case .success: true
          case .failure(let error): if case .duplicateKey = error.reason { true } else { false }
          }
        #expect(JSON.isWellFormed(damaged) == expected, "byte \(index) as \(other)")
      }
    }
  }
}
