// A strict RFC 8259 parser: it reads every byte, so that nothing invalid hides in a part that nobody decodes.

extension JSON {
  /// The deepest nesting that is read; no Fairlead document needs more than eight levels.
  package static let depthLimit = 64

  /// How large the parts of a text may be. Whoever reads from a stranger sets bounds, so that nothing past them is built.
  package struct Bounds: Sendable, Hashable {
    /// Members of one object.
    package let members: Int
    /// Bytes of one string, key or number, as they stand in the text.
    package let textBytes: Int

    package init(members: Int, textBytes: Int) {
      self.members = members
      self.textBytes = textBytes
    }

    /// For texts whose author is trusted.
    package static let none = Bounds(members: .max, textBytes: .max)
  }

  /// Parses one JSON text with nothing but white space around it.
  /// - Throws: what is wrong with the text, at its first byte that is wrong, or which part of it is past `bounds`.
  package init(parsing bytes: some Collection<UInt8>, within bounds: Bounds = .none) throws(JSONSyntaxError) {
    let outcome =
      bytes.withContiguousStorageIfAvailable { Self.parse($0, bounds) }
      ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, bounds) }
    switch outcome {
    case .parsed(let value): self = value
    case .malformed(let error): throw error
    }
  }

  /// Stands in for `Result`, whose type would be made while the program runs, which takes longer than parsing a short text.
  private enum Outcome {
    case parsed(JSON)
    case malformed(JSONSyntaxError)
  }

  package init(parsing text: String) throws(JSONSyntaxError) {
    try self.init(parsing: Array(text.utf8))
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ bounds: Bounds) -> Outcome {
    do throws(JSONSyntaxError) {
      // Checked once for the whole text; the parser below may then trust every string in it.
      if bytes.contains(where: { $0 >= 0x80 }), String(validating: bytes, as: UTF8.self) == nil {
        throw JSONSyntaxError(.invalidUTF8, at: validUTF8(bytes))
      }
      var parser = JSONParser(bytes: bytes, bounds: bounds)
      return .parsed(try parser.document())
    } catch {
      return .malformed(isUTF16(bytes) ? JSONSyntaxError(.utf16, at: 0) : error)
    }
  }

  /// How many bytes come before the first that is no UTF-8.
  private static func validUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var (decoder, iterator, count) = (UTF8(), bytes.makeIterator(), 0)
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { count += scalar.utf8.count }
    return count
  }

  /// Whether a text that is no JSON is UTF-16, as some editors and shells of Windows write it. Without a byte order mark it is
  /// known by the zeros: the first two characters of a JSON text are ASCII.
  private static func isUTF16(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { return true }
    return [[true, false, true, false], [false, true, false, true]].contains(bytes.prefix(4).map { $0 == 0 })
  }
}

/// A cursor over UTF-8 that was validated as a whole. Strings are read in JSONParser+Strings.swift.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let bounds: JSON.Bounds
  var position = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>, bounds: JSON.Bounds) {
    self.bytes = bytes
    self.bounds = bounds
  }

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

  func peek() throws(JSONSyntaxError) -> UInt8 {
    guard position < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, at: position) }
    return bytes[position]
  }

  private func unexpected() -> JSONSyntaxError {
    position < bytes.count
      ? JSONSyntaxError(.unexpectedByte(bytes[position]), at: position) : JSONSyntaxError(.unexpectedEnd, at: position)
  }

  /// Refuses a string or number that began at `start` and is past the bound already.
  @inline(__always)
  func checkLength(from start: Int) throws(JSONSyntaxError) {
    guard position - start <= bounds.textBytes else {
      throw JSONSyntaxError(.textTooLong(limit: bounds.textBytes), at: start)
    }
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
    var seen: Set<ByteKey> = []
    if try peek() != UInt8(ascii: "}") {
      while true {
        let keyStart = position
        guard try peek() == UInt8(ascii: "\"") else { throw unexpected() }
        let key = try string()
        let isDuplicate =
          members.count < Self.fewMembers
          ? members.contains { $0.key.hasSameBytes(as: key) } : seen.contains(ByteKey(key))
        guard !isDuplicate else { throw JSONSyntaxError(.duplicateKey(key), at: keyStart) }
        guard members.count < bounds.members else {
          throw JSONSyntaxError(.tooManyMembers(limit: bounds.members), at: keyStart)
        }
        skipWhitespace()
        guard try peek() == UInt8(ascii: ":") else { throw unexpected() }
        position += 1
        skipWhitespace()
        members.append(JSONObject.Member(key: key, value: try value()))
        if members.count == Self.fewMembers {
          seen = Set(members.map { ByteKey($0.key) })
        } else if members.count > Self.fewMembers {
          seen.insert(ByteKey(key))
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
    try checkLength(from: start)
    let lexeme = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(lexeme), lexeme != "-0" { return .integer(value) }
    return .number(lexeme)
  }
}
