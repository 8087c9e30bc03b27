// JSON written straight into bytes: what has no use for a tree is encoded without one.

/// Compact JSON text under way, in one buffer. It holds no line feed, so that it is one line of the protocol.
///
/// A report as a tree and then as text took 26 us, of which two thirds went into building the tree. Commas are set here;
/// that objects and arrays are closed again is up to who opens them.
package struct JSONText: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

  // MARK: Members

  package mutating func set(_ key: String, _ value: String) {
    write(key: key)
    quote(value)
  }

  package mutating func set(_ key: String, _ value: Int) {
    write(key: key)
    digits(of: value)
  }

  package mutating func set(_ key: String, _ value: Bool) {
    write(key: key)
    word(value ? "true" : "false")
  }

  package mutating func set(_ key: String, _ value: JSON) {
    write(key: key)
    write(value)
  }

  package mutating func set(_ key: String, _ values: [String]) {
    beginArray(key)
    for value in values { append(value) }
    endArray()
  }

  package mutating func set(_ key: String, _ values: [Int]) {
    beginArray(key)
    for value in values {
      separate()
      digits(of: value)
    }
    endArray()
  }

  package mutating func set(_ key: String, ifPresent value: String?) { if let value { set(key, value) } }
  package mutating func set(_ key: String, ifPresent value: Int?) { if let value { set(key, value) } }
  package mutating func set(_ key: String, ifPresent value: JSON?) { if let value { set(key, value) } }

  package mutating func setNull(_ key: String) {
    write(key: key)
    word("null")
  }

  /// A member whose value is JSON text already.
  package mutating func set(_ key: String, encoded value: [UInt8]) {
    write(key: key)
    bytes.append(contentsOf: value)
  }

  // MARK: Items of an array

  package mutating func append(_ value: String) {
    separate()
    quote(value)
  }

  package mutating func append(_ value: JSON) {
    separate()
    write(value)
  }

  /// An item that is JSON text already.
  package mutating func append(encoded value: [UInt8]) {
    separate()
    bytes.append(contentsOf: value)
  }

  // MARK: Nesting

  package mutating func beginObject() {
    separate()
    bytes.append(UInt8(ascii: "{"))
  }

  package mutating func beginObject(_ key: String) {
    write(key: key)
    bytes.append(UInt8(ascii: "{"))
  }

  package mutating func endObject() { bytes.append(UInt8(ascii: "}")) }

  package mutating func beginArray(_ key: String) {
    write(key: key)
    bytes.append(UInt8(ascii: "["))
  }

  package mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

  /// Ends the text as a line of the protocol.
  package mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  // MARK: Values

  /// A comma, unless this is the first of an object or array, or of the text.
  private mutating func separate() {
    switch bytes.last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["): return
    default: bytes.append(UInt8(ascii: ","))
    }
  }

  private mutating func write(key: String) {
    separate()
    quote(key)
    bytes.append(UInt8(ascii: ":"))
  }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: word("null")
    case .bool(let value): word(value ? "true" : "false")
    case .integer(let value): digits(of: value)
    case .number(let lexeme): bytes.append(contentsOf: lexeme.utf8)
    case .string(let value): quote(value)
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for item in items { append(item) }
      endArray()
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for member in object.members { set(member.key, member.value) }
      endObject()
    }
  }

  private mutating func word(_ word: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private mutating func digits(of value: Int) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var (low, rest) = (bytes.count, value.magnitude)
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    // They came last first.
    var high = bytes.count - 1
    while low < high {
      bytes.swapAt(low, high)
      low += 1
      high -= 1
    }
  }
}

// MARK: Strings

extension JSONText {
  mutating func quote(_ string: String) {
    bytes.append(UInt8(ascii: "\""))
    var string = string
    string.withUTF8 { utf8 in
      // Spans without anything to escape are copied whole.
      var start = 0
      while true {
        let end = Self.nextToEscape(in: utf8, from: start)
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<end]))
        guard end < utf8.count else { break }
        escape(utf8[end])
        start = end + 1
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The first byte from `start` on that does not stand for itself; the end where all do.
  private static func nextToEscape(in utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    // Eight bytes at a time, by the usual test for a byte below a bound within a word: a report is 5 KB of prose with
    // little to escape in it, and took 5 us byte by byte.
    if let base = UnsafeRawPointer(utf8.baseAddress) {
      while index + 8 <= utf8.count {
        let word = (base + index).loadUnaligned(as: UInt64.self)
        let hits =
          below(word, 0x20) | below(word ^ everyByte(UInt8(ascii: "\"")), 1)
          | below(word ^ everyByte(UInt8(ascii: "\\")), 1)
        if hits != 0 { break }
        index += 8
      }
    }
    while index < utf8.count, !needsEscape(utf8[index]) { index += 1 }
    return index
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  @inline(__always)
  private static func everyByte(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// Not 0 where a byte of `word` is below `bound`, which is 128 at most.
  @inline(__always)
  private static func below(_ word: UInt64, _ bound: UInt8) -> UInt64 {
    (word &- everyByte(bound)) & ~word & everyByte(0x80)
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      word("u00")
      for digit in [byte >> 4, byte & 0xF] {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }
}
