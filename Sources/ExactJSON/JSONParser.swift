// A strict RFC 8259 parser: it reads every byte, so that nothing invalid hides in a part that nobody decodes.

/// Why a text is not the JSON that Fairlead accepts, and where.
package struct JSONSyntaxError: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    case empty
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case trailingContent
    case invalidNumber
    case invalidEscape
    case loneSurrogate
    case controlCharacterInString
    case invalidUTF8
    case tooDeep(limit: Int)
    /// Valid by RFC 8259, refused here: readers differ on which of the two counts.
    case duplicateKey(String)
  }

  package let reason: Reason
  /// Bytes before the offending one.
  package let offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The reason as the end of a sentence.
  package var explanation: String {
    switch reason {
    case .empty: "there is nothing in it"
    case .unexpectedEnd: "it ends too early, at byte \(offset)"
    case .unexpectedByte(let byte):
      (0x21...0x7e).contains(byte)
        ? "unexpected '\(Character(Unicode.Scalar(byte)))' at byte \(offset)"
        : "unexpected byte \(byte) at byte \(offset)"
    case .trailingContent: "there is more after the value, at byte \(offset)"
    case .invalidNumber: "a malformed number at byte \(offset)"
    case .invalidEscape: "a malformed escape at byte \(offset)"
    case .loneSurrogate: "half of a surrogate pair at byte \(offset)"
    case .controlCharacterInString: "a control character in a string at byte \(offset)"
    case .invalidUTF8: "it is not UTF-8"
    case .tooDeep(let limit): "it is nested deeper than \(limit) levels"
    case .duplicateKey(let key): "the key '\(key)' stands twice, the second time at byte \(offset)"
    }
  }
}

extension JSON {
  /// The deepest nesting that is read; no Fairlead document needs more than eight levels.
  package static let depthLimit = 64

  /// Parses one JSON text, surrounded by nothing but white space.
  package init(parsing bytes: some Collection<UInt8>) throws(JSONSyntaxError) {
    let outcome =
      bytes.withContiguousStorageIfAvailable { Self.parse($0) }
      ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0) }
    switch outcome {
    case .parsed(let value): self = value
    case .malformed(let error): throw error
    }
  }

  /// What `Result` would say: that one's type is made while the program runs, which takes longer than a short text.
  private enum Outcome {
    case parsed(JSON)
    case malformed(JSONSyntaxError)
  }

  package init(parsing text: String) throws(JSONSyntaxError) {
    try self.init(parsing: Array(text.utf8))
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
    do throws(JSONSyntaxError) {
      // Checked once for the whole text; the parser below may then trust every string in it.
      if bytes.contains(where: { $0 >= 0x80 }), String(validating: bytes, as: UTF8.self) == nil {
        throw JSONSyntaxError(.invalidUTF8, at: 0)
      }
      var parser = Parser(bytes: bytes)
      return .parsed(try parser.document())
    } catch {
      return .malformed(error)
    }
  }
}

/// A cursor over validated UTF-8.
private struct Parser {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func document() throws(JSONSyntaxError) -> JSON {
    skipWhitespace()
    guard position < bytes.count else { throw JSONSyntaxError(.empty, at: position) }
    let value = try value()
    skipWhitespace()
    guard position == bytes.count else { throw JSONSyntaxError(.trailingContent, at: position) }
    return value
  }

  private mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private func peek() throws(JSONSyntaxError) -> UInt8 {
    guard position < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: position) }
    return bytes[position]
  }

  private func unexpected() -> JSONSyntaxError {
    position < bytes.count
      ? JSONSyntaxError(.unexpectedByte(bytes[position]), at: position) : JSONSyntaxError(.unexpectedEnd, at: position)
  }

  private mutating func value() throws(JSONSyntaxError) -> JSON {
    switch try peek() {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), 0x30...0x39: return try number()
    default: throw unexpected()
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
    for index in 0..<word.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == word.utf8Start[index] else { throw unexpected() }
      position += 1
    }
    return value
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    guard depth <= JSON.depthLimit else { throw JSONSyntaxError(.tooDeep(limit: JSON.depthLimit), at: position) }
    position += 1
    skipWhitespace()
  }

  private static let fewMembers = 24

  private mutating func object() throws(JSONSyntaxError) -> JSON {
    try enter()
    var members: [JSONObject.Member] = []
    // Most objects of a request have two to six members, and would grow three times on the way.
    members.reserveCapacity(6)
    // Small objects compare keys in place, which is cheaper than a set for all that Fairlead itself writes.
    var seen: Set<String> = []
    if try peek() != UInt8(ascii: "}") {
      while true {
        let keyStart = position
        guard try peek() == UInt8(ascii: "\"") else { throw unexpected() }
        let key = try string()
        let isDuplicate = members.count < Self.fewMembers ? members.contains { $0.key == key } : seen.contains(key)
        guard !isDuplicate else { throw JSONSyntaxError(.duplicateKey(key), at: keyStart) }
        skipWhitespace()
        guard try peek() == UInt8(ascii: ":") else { throw unexpected() }
        position += 1
        skipWhitespace()
        members.append(JSONObject.Member(key: key, value: try value()))
        if members.count == Self.fewMembers {
          seen = Set(members.map(\.key))
        } else if members.count > Self.fewMembers {
          seen.insert(key)
        }
        skipWhitespace()
        let next = try peek()
        if next == UInt8(ascii: "}") { break }
        guard next == UInt8(ascii: ",") else { throw unexpected() }
        position += 1
        skipWhitespace()
      }
    }
    position += 1
    depth -= 1
    return .object(JSONObject(members))
  }

  private mutating func array() throws(JSONSyntaxError) -> JSON {
    try enter()
    var items: [JSON] = []
    if try peek() != UInt8(ascii: "]") {
      while true {
        items.append(try value())
        skipWhitespace()
        let next = try peek()
        if next == UInt8(ascii: "]") { break }
        guard next == UInt8(ascii: ",") else { throw unexpected() }
        position += 1
        skipWhitespace()
      }
    }
    position += 1
    depth -= 1
    return .array(items)
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    guard position > start else { throw JSONSyntaxError(.invalidNumber, at: position) }
  }

  private mutating func number() throws(JSONSyntaxError) -> JSON {
    let start = position
    var isInteger = true
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
      position += 1
      if position < bytes.count, (0x30...0x39).contains(bytes[position]) {
        throw JSONSyntaxError(.invalidNumber, at: position)
      }
    } else {
      try digits()
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try digits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      try digits()
    }
    let lexeme = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(lexeme), lexeme != "-0" { return .integer(value) }
    return .number(lexeme)
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    while true {
      let byte = try peek()
      if byte == UInt8(ascii: "\"") {
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw JSONSyntaxError(.controlCharacterInString, at: position) }
      position += 1
    }
  }

  /// The slow path: a string with at least one escape, collected byte by byte.
  private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var collected = Array(bytes[start..<position])
    while true {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: collected, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        let scalar = try escape()
        collected.append(contentsOf: String(scalar).utf8)
      case 0..<0x20: throw JSONSyntaxError(.controlCharacterInString, at: position)
      default:
        collected.append(byte)
        position += 1
      }
    }
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let byte = try peek()
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw JSONSyntaxError(.invalidEscape, at: position - 1)
    }
  }

  private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = position
    let first = try hexQuad()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw JSONSyntaxError(.loneSurrogate, at: start) }
    position += 2
    let second = try hexQuad()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw JSONSyntaxError(.loneSurrogate, at: start) }
    return scalar
  }

  private mutating func hexQuad() throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try peek()
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw JSONSyntaxError(.invalidEscape, at: position)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
