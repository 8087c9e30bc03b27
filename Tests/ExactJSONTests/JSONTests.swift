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
    #expect(throws: JSONSyntaxError(.invalidUTF8, at: 1)) { try JSON(parsing: bytes) }
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

  @Test("the canonical form has every object's members in byte order, of few members and of many")
  func canonicalOrder() throws {
    #expect(
      try JSON(parsing: #"{"b":[{"z":1,"é":2,"A":3}],"a":null}"#).canonical.text
        == #"{"a":null,"b":[{"A":3,"z":1,"é":2}]}"#)
    let keys = (0..<200).map { "k\($0)" }
    let object = JSONObject(keys.map { .init(key: $0, value: 1) })
    #expect(JSON.object(object).canonical.objectValue?.keys == keys.sorted())
  }

  @Test(
    "what is past the reader's bounds is refused where it begins, and what is at them is read",
    arguments: [
      (#"{"a":1,"b":2,"c":3}"#, nil, 0), (#"{"a":1,"b":2,"c":3,"d":4}"#, .tooManyMembers(limit: 3), 19),
      (#"[[{"a":1,"b":2,"c":3,"d":4}]]"#, .tooManyMembers(limit: 3), 21),
      (#"["12345678"]"#, nil, 0), (#"["123456789"]"#, .textTooLong(limit: 8), 2),
      (#"["\u0041\u0041"]"#, .textTooLong(limit: 8), 2), (#"{"123456789":1}"#, .textTooLong(limit: 8), 2),
      ("[12345678]", nil, 0), ("[123456789]", .textTooLong(limit: 8), 1), ("[0.1234567]", .textTooLong(limit: 8), 1),
    ] as [(String, JSONSyntaxError.Reason?, Int)])
  func bounds(text: String, reason: JSONSyntaxError.Reason?, offset: Int) {
    do throws(JSONSyntaxError) {
      _ = try JSON(parsing: Array(text.utf8), within: JSON.Bounds(members: 3, textBytes: 8))
      #expect(reason == nil)
    } catch {
      #expect(error == reason.map { JSONSyntaxError($0, at: offset) })
    }
    #expect(throws: Never.self) { try JSON(parsing: text) }
  }

  @Test("texts are compared by their bytes, so that a letter with many marks costs no more than others")
  func bytes() throws {
    let marks = "e" + String(repeating: "\u{301}\u{316}", count: 1 << 17)
    let other = marks + "\u{302}"
    let line = Array(#"{"\#(marks)":1,"\#(other)":2}"#.utf8)
    // Twice the text; by canonical equivalence it would be four times the work, of which this would be minutes.
    let object = try #require(try JSON(parsing: line).objectValue)
    #expect(object[marks] == 1)
    #expect(object[other] == 2)
    #expect(JSON.string(marks) != .string(other))
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: Array(#"{"\#(marks)":1,"\#(marks)":2}"#.utf8)) }
    // The same letter, written in two ways.
    #expect(
      !("\u{e9}" + String(repeating: "x", count: 80)).hasSameBytes(as: "e\u{301}" + String(repeating: "x", count: 79)))
  }

  @Test(
    "texts that look the same and are written differently are different keys, values and texts",
    arguments: [
      ("K", "\u{212A}"), ("\u{E9}", "e\u{301}"), ("\u{212B}", "A\u{30A}"), ("a\u{323}\u{307}", "a\u{307}\u{323}"),
      ("\u{D55C}", "\u{1112}\u{1161}\u{11AB}"),
    ])
  func canonicalEquivalence(one: String, other: String) throws {
    // For Swift they are the same, also where they have as many bytes.
    #expect(one == other)
    #expect(!one.hasSameBytes(as: other))
    #expect(JSON.string(one) != .string(other))
    let object = try #require(try JSON(parsing: #"{"\#(one)":1,"\#(other)":2}"#).objectValue)
    #expect(object[one] == 1)
    #expect(object[other] == 2)
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: #"{"\#(one)":1,"\#(one)":2}"#) }
  }

  @Test(
    "in a text of lines an error has its line and its column, both counted from 1",
    arguments: [
      ("{\n  \"mode\": \"IPVS\",\n}", "unexpected '}' on line 3, column 1"),
      ("// why\n{}", "unexpected '/' on line 1, column 1"), ("{mode", "unexpected 'm' on line 1, column 2"),
      ("{\r\n\"é\": x", "unexpected 'x' on line 2, column 6"), ("{\n", "it ends too early, on line 2, column 1"),
      ("{}\n\n {}", "there is more after the value, on line 3, column 2"), (" \n", "there is nothing in it"),
      ("[\n" + String(repeating: "[", count: 64), "it is nested deeper than 64 levels, on line 2, column 64"),
      ("{\"a\":1,\n\"a\":2}", "the key 'a' stands twice, the second time on line 2, column 1"),
    ])
  func places(text: String, explanation: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    #expect(error?.explanation(in: text.utf8) == explanation)
  }

  @Test("the first byte that is no UTF-8 is found")
  func placeOfInvalidUTF8() {
    let bytes = Array("{\n\"é".utf8) + [0xC3, 0x22]
    let error = #expect(throws: JSONSyntaxError.self) { try JSON(parsing: bytes) }
    #expect(error?.explanation(in: bytes) == "it is not UTF-8, on line 2, column 3")
  }

  @Test(
    "UTF-16 is called that, in either order of its bytes, with its mark or without",
    arguments: [
      [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], [0xFE, 0xFF, 0, 0x7B, 0, 0x7D], [0x7B, 0, 0x7D, 0], [0, 0x7B, 0, 0x7D],
    ] as [[UInt8]])
  func utf16(bytes: [UInt8]) {
    #expect(throws: JSONSyntaxError(.utf16, at: 0)) { try JSON(parsing: bytes) }
  }

  @Test("a text of many keys is searched for a duplicate wherever it stands", arguments: [2, 24, 25, 26, 500])
  func duplicates(count: Int) {
    let keys = (0..<count).map { "\"k\($0)\":1" } + ["\"k0\":2"]
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: "{\(keys.joined(separator: ","))}") }
  }

  @Test("a long text is quoted by its beginning and its length, and never within a character")
  func excerpts() {
    let longest = String(repeating: "x", count: 256)
    #expect(longest.excerpt == longest)
    #expect((longest + "y").excerpt == String(repeating: "x", count: 128) + "... (257 bytes)")
    let ships = String(repeating: "a", count: 1) + String(repeating: "🚢", count: 100)
    #expect(ships.excerpt == "a" + String(repeating: "🚢", count: 31) + "... (401 bytes)")
  }
}
