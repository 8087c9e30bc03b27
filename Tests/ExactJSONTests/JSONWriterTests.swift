// JSON that is written without a tree equals the JSON that the tree would be written as.

import ExactJSON
import Testing

@Suite("JSON text")
struct JSONWriterTests {
  /// A string with the shortest escapes of RFC 8259, one scalar at a time.
  private static func quoted(_ string: String) -> String {
    let escapes: [Unicode.Scalar: String] = [
      "\"": #"\""#, "\\": #"\\"#, "\u{8}": #"\b"#, "\t": #"\t"#, "\n": #"\n"#, "\u{C}": #"\f"#, "\r": #"\r"#,
    ]
    let inner = string.unicodeScalars.map { scalar -> String in
      if let escape = escapes[scalar] { return escape }
      guard scalar.value < 0x20 else { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return #"\u00"# + (digits.count == 1 ? "0" : "") + digits
    }
    return "\"\(inner.joined())\""
  }

  private static func written(_ body: (inout JSONWriter) -> Void) -> String {
    var text = JSONWriter()
    text.beginObject()
    body(&text)
    text.endObject()
    return String(decoding: text.finish(), as: UTF8.self)
  }

  @Test("a string is escaped wherever in it the byte is that needs it")
  func escapes() {
    let needing = (0..<0x20).compactMap { Unicode.Scalar($0) } + ["\"", "\\"]
    let harmless: [Unicode.Scalar] = ["\u{20}", "!", "#", "[", "]", "\u{7F}", "é", "日", "🚢"]
    for length in 0..<20 {
      for place in 0...length {
        for scalar in needing + harmless {
          let string = String(repeating: "a", count: place) + String(scalar) + String(repeating: "z", count: length)
          #expect(Self.written { $0.set("k", string) } == "{\"k\":\(Self.quoted(string))}")
        }
      }
    }
  }

  @Test("text that outgrows the buffer is complete", arguments: [0, 1, 63, 64, 65, 511, 512, 513, 5000, 100_000])
  func growth(length: Int) {
    let strings = [String(repeating: "x", count: length), String(repeating: "\u{1}", count: length)]
    let expected = "{\"k\":[\(strings.map(Self.quoted).joined(separator: ","))],\"n\":-17}"
    let text = Self.written { text in
      text.set("k", strings)
      text.set("n", -17)
    }
    #expect(text == expected)
  }

  @Test("a number is written as Swift writes it")
  func numbers() {
    var numbers = [0, 9, 10, 11, 99, 100, 101, Int.max, Int.min, Int(Int32.max), -1, -10]
    var power = 1
    while power < Int.max / 10 {
      power *= 10
      numbers += [power - 1, power, power + 1, -power]
    }
    for number in numbers { #expect(Self.written { $0.set("n", number) } == "{\"n\":\(number)}") }
    #expect(Self.written { $0.set("n", numbers) } == "{\"n\":[\(numbers.map(String.init).joined(separator: ","))]}")
  }

  @Test("commas are between members and items, and nowhere else")
  func commas() {
    let text = Self.written { text in
      text.beginObject("empty")
      text.endObject()
      text.beginArray("items")
      text.beginObject()
      text.set("end", "{")
      text.endObject()
      text.append("[")
      text.append(["a": [], "b": [1, [:], .null]] as JSON)
      text.append(encoded: Array("[true]".utf8))
      text.endArray()
      text.set("none", [String]())
      text.set("encoded", encoded: Array("{}".utf8))
      text.setNull("null")
      text.set("yes", true)
    }
    #expect(
      text
        == #"{"empty":{},"items":[{"end":"{"},"[",{"a":[],"b":[1,{},null]},[true]],"none":[],"encoded":{},"#
        + #""null":null,"yes":true}"#)
  }
}
