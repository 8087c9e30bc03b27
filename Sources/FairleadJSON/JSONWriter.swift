// Writes a JSON value as text: compact for the wire and the ledger, indented for people.

extension JSON {
  /// Compact UTF-8 without a line feed, so that it is one line of the protocol.
  package var bytes: [UInt8] {
    var writer = Writer(indentation: nil)
    writer.write(self)
    return writer.output
  }

  /// Compact text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Text of several lines, indented by two spaces, without a final line feed.
  package var prettyText: String {
    var writer = Writer(indentation: 2)
    writer.write(self)
    return String(decoding: writer.output, as: UTF8.self)
  }
}

private struct Writer {
  let indentation: Int?
  var output: [UInt8] = []
  var level = 0

  init(indentation: Int?) {
    self.indentation = indentation
    output.reserveCapacity(512)
  }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): output.append(contentsOf: String(value).utf8)
    case .number(let lexeme): output.append(contentsOf: lexeme.utf8)
    case .string(let value): write(value)
    case .array(let items):
      write(open: "[", close: "]", count: items.count) { writer, index in writer.write(items[index]) }
    case .object(let object):
      let members = object.members
      write(open: "{", close: "}", count: members.count) { writer, index in
        writer.write(members[index].key)
        writer.output.append(UInt8(ascii: ":"))
        if writer.indentation != nil { writer.output.append(UInt8(ascii: " ")) }
        writer.write(members[index].value)
      }
    }
  }

  private mutating func write(
    open: Unicode.Scalar, close: Unicode.Scalar, count: Int, element: (inout Writer, Int) -> Void
  ) {
    output.append(UInt8(ascii: open))
    level += 1
    for index in 0..<count {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      newLine()
      element(&self, index)
    }
    level -= 1
    if count > 0 { newLine() }
    output.append(UInt8(ascii: close))
  }

  private mutating func newLine() {
    guard let indentation else { return }
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * level))
  }

  private mutating func write(_ string: String) {
    output.append(UInt8(ascii: "\""))
    var string = string
    string.withUTF8 { utf8 in
      // Spans without anything to escape are copied whole.
      var start = 0
      for index in 0..<utf8.count {
        let byte = utf8[index]
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        output.append(contentsOf: utf8[start..<index])
        start = index + 1
        escape(byte)
      }
      output.append(contentsOf: utf8[start...])
    }
    output.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    default:
      let digits = Array("0123456789abcdef".utf8)
      output.append(contentsOf: "u00".utf8)
      output.append(digits[Int(byte >> 4)])
      output.append(digits[Int(byte & 0xF)])
    }
  }
}
