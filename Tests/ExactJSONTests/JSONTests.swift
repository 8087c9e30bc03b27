// JSON as Fairlead accepts it: RFC 8259 and nothing beyond.

import ExactJSON
import Testing

@Suite("JSON")
struct JSONTests {
  @Test(
    "a valid text is written back byte for byte",
    arguments: [
      #"null"#, #"true"#, #"-0"#, #"0"#, #"-17"#, #"1.50"#, #"1e400"#, #"9223372036854775807"#,
      #"9223372036854775808"#, #""""#, #""plain ascii""#, #""\"\\\b\f\n\r\t\u0001""#, #""żółć 🚢""#, #"[]"#, #"{}"#,
      #"[1,[2,[3]],{"b":null,"a":[true,false]}]"#, #"{"z":1,"a":2,"m":{"k":"v"}}"#,
    ])
  func roundTrip(text: String) throws {
    #expect(try JSON(parsing: text).text == text)
  }

  @Test("escapes are decoded to the characters that they denote")
  func escapes() throws {
    #expect(try JSON(parsing: #""\/\u0041\ud83d\udea2\u00e9""#) == .string("/A🚢é"))
  }

  @Test("white space around tokens is ignored")
  func whiteSpace() throws {
    #expect(try JSON(parsing: " \t\r\n{ \"a\" : [ 1 , 2 ] } \n") == ["a": [1, 2]])
  }

  @Test(
    "what RFC 8259 does not allow is refused, wherever it stands",
    arguments: [
      ("", .empty), ("  ", .empty), ("{", .unexpectedEnd), ("[1,", .unexpectedEnd), ("\"a", .unexpectedEnd),
      ("[1,]", .unexpectedByte(0x5d)), ("{\"a\":1,}", .unexpectedByte(0x7d)), ("{a:1}", .unexpectedByte(0x61)),
      ("'a'", .unexpectedByte(0x27)), ("[1 2]", .unexpectedByte(0x32)), ("nul", .unexpectedEnd),
      ("TRUE", .unexpectedByte(0x54)), ("// c\n1", .unexpectedByte(0x2f)), ("1 2", .trailingContent),
      ("{}{}", .trailingContent), ("01", .invalidNumber), ("-", .invalidNumber), ("1.", .invalidNumber),
      (".5", .unexpectedByte(0x2e)), ("1e", .invalidNumber), ("+1", .unexpectedByte(0x2b)),
      ("NaN", .unexpectedByte(0x4e)), ("\"\\x\"", .invalidEscape), ("\"\\u12g4\"", .invalidEscape),
      ("\"\\ud800\"", .loneSurrogate), ("\"\\udc00\"", .loneSurrogate), ("\"\\ud800\\u0041\"", .loneSurrogate),
      ("\"a\tb\"", .controlCharacterInString), ("\u{feff}1", .unexpectedByte(0xef)),
      (#"{"a":1,"b":{"c":1,"c":2}}"#, .duplicateKey("c")),
      (#"{"ab":1,"\u0061b":2}"#, .duplicateKey("ab")),
    ] as [(String, JSONSyntaxError.Reason)])
  func refused(text: String, reason: JSONSyntaxError.Reason) {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    do {
      _ = try JSON(parsing: text)
    } catch {
      #expect(error.reason == reason)
    }
  }

  @Test("a duplicate key is found in a large object too")
  func duplicateAmongMany() {
    let members = (0..<40).map { "\"k\($0)\":0" } + ["\"k3\":1"]
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: "{\(members.joined(separator: ","))}") }
  }

  @Test(
    "bytes that are not UTF-8 are refused",
    arguments: [[0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22]] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    #expect(throws: JSONSyntaxError(.invalidUTF8, at: 0)) { try JSON(parsing: bytes) }
  }

  @Test("nesting is read to the limit and refused past it, without using up the stack")
  func depth() throws {
    let limit = JSON.depthLimit
    let fits = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    #expect(try JSON(parsing: fits).text == fits)
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
  }

  @Test("equal values have equal canonical text, however they were written")
  func canonical() throws {
    let one = try JSON(parsing: #"{"b":{"y":1,"x":2},"a":[{"d":0,"c":0}]}"#)
    let other = try JSON(parsing: #"{ "a":[{"c":0,"d":0}], "b":{"x":2,"y":1} }"#)
    #expect(one.canonical.text == other.canonical.text)
    #expect(one.canonical.text == #"{"a":[{"c":0,"d":0}],"b":{"x":2,"y":1}}"#)
  }

  @Test("pretty text is indented by two spaces, and empty containers stay on their line")
  func pretty() {
    let value: JSON = ["a": [1, 2], "b": [:], "c": []]
    #expect(value.prettyText == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}")
  }
}
