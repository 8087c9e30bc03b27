// A JSON value as text: compact for the wire and the ledger, indented for people.

extension JSON {
  /// Compact UTF-8 without a line feed, so that it is one line of the protocol.
  package var bytes: [UInt8] {
    var text = JSONWriter()
    text.write(self)
    return text.finish()
  }

  /// Compact text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Text of several lines, indented by two spaces, without a final line feed.
  package var prettyText: String {
    var writer = PrettyWriter()
    writer.write(self)
    return writer.output
  }
}

private struct PrettyWriter {
  var output = ""
  var level = 0

  mutating func write(_ value: JSON) {
    switch value {
    case .null, .bool, .integer, .number, .string: output += value.text
    case .array(let items):
      write(open: "[", close: "]", count: items.count) { writer, index in writer.write(items[index]) }
    case .object(let object):
      let members = object.members
      write(open: "{", close: "}", count: members.count) { writer, index in
        writer.write(.string(members[index].key))
        writer.output += ": "
        writer.write(members[index].value)
      }
    }
  }

  private mutating func write(
    open: String, close: String, count: Int, element: (inout PrettyWriter, Int) -> Void
  ) {
    output += open
    level += 1
    for index in 0..<count {
      if index > 0 { output += "," }
      newLine()
      element(&self, index)
    }
    level -= 1
    if count > 0 { newLine() }
    output += close
  }

  private mutating func newLine() { output += "\n" + String(repeating: "  ", count: level) }
}
