// JSON written straight into bytes: what has no use for a tree is encoded without one.

/// Compact JSON text under way, in one buffer. It holds no line feed, so that it is one line of the protocol.
///
/// A report as a tree and then as text took 26 us, of which two thirds went into building the tree. Commas are set here;
/// that objects and arrays are closed again is up to who opens them.
package struct JSONWriter: ~Copyable {
  // Memory of its own and not an array, whose checks at each of a report's thousand small writes took half of the time.
  // Nobody else sees it, and it ends with the value.
  private var start: UnsafeMutablePointer<UInt8>
  private var count = 0
  private var capacity: Int

  package init(capacity: Int = 512) {
    self.capacity = max(capacity, 64)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  /// The text. Whoever takes it is done with writing.
  package consuming func finish() -> [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

  // MARK: Members

  package mutating func set(_ key: String, _ value: String) {
    write(key: key)
    quote(value)
  }

  package mutating func set(_ key: String, _ value: Int) {
    write(key: key)
    put(digitsOf: value)
  }

  package mutating func set(_ key: String, _ value: Bool) {
    write(key: key)
    put(value ? "true" : "false")
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
      put(digitsOf: value)
    }
    endArray()
  }

  package mutating func set(_ key: String, ifPresent value: String?) { if let value { set(key, value) } }
  package mutating func set(_ key: String, ifPresent value: Int?) { if let value { set(key, value) } }
  package mutating func set(_ key: String, ifPresent value: JSON?) { if let value { set(key, value) } }

  package mutating func setNull(_ key: String) {
    write(key: key)
    put("null")
  }

  /// A member whose value is JSON text already.
  package mutating func set(_ key: String, encoded value: [UInt8]) {
    write(key: key)
    put(value)
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
    put(value)
  }

  // MARK: Nesting

  package mutating func beginObject() {
    separate()
    put(UInt8(ascii: "{"))
  }

  package mutating func beginObject(_ key: String) {
    write(key: key)
    put(UInt8(ascii: "{"))
  }

  package mutating func endObject() { put(UInt8(ascii: "}")) }

  package mutating func beginArray(_ key: String) {
    write(key: key)
    put(UInt8(ascii: "["))
  }

  package mutating func endArray() { put(UInt8(ascii: "]")) }

  /// Ends the text as a line of the protocol.
  package mutating func endLine() { put(UInt8(ascii: "\n")) }

  // MARK: Values

  /// A comma, unless this is the first of an object or array, or of the text.
  private mutating func separate() {
    guard count > 0 else { return }
    switch start[count - 1] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return
    default: put(UInt8(ascii: ","))
    }
  }

  private mutating func write(key: String) {
    separate()
    quote(key)
    put(UInt8(ascii: ":"))
  }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .integer(let value): put(digitsOf: value)
    case .number(let lexeme): put(Array(lexeme.utf8))
    case .string(let value): quote(value)
    case .array(let items):
      put(UInt8(ascii: "["))
      for item in items { append(item) }
      endArray()
    case .object(let object):
      put(UInt8(ascii: "{"))
      for member in object.members { set(member.key, member.value) }
      endObject()
    }
  }
}

// MARK: Bytes

extension JSONWriter {
  /// Makes room for `more` bytes.
  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  private mutating func grow(_ more: Int) {
    capacity = max(2 * capacity, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }

  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count += 1
  }

  private mutating func put(_ word: StaticString) {
    for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) { put(byte) }
  }

  private mutating func put(_ bytes: [UInt8]) {
    reserve(bytes.count)
    bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { (start + count).update(from: base, count: source.count) }
    }
    count += bytes.count
  }

  private mutating func put(digitsOf value: Int) {
    if value < 0 { put(UInt8(ascii: "-")) }
    // From behind, since they come last first.
    var digits = 1
    var rest = value.magnitude
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    reserve(digits)
    rest = value.magnitude
    count += digits
    for place in 1...digits {
      start[count - place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  private mutating func quote(_ string: String) {
    put(UInt8(ascii: "\""))
    var string = string
    string.withUTF8 { utf8 in
      var index = copyPlain(utf8)
      while index < utf8.count {
        escape(utf8[index])
        index += 1
        index += copyPlain(UnsafeBufferPointer(rebasing: utf8[index...]))
      }
    }
    put(UInt8(ascii: "\""))
  }

  /// Copies up to the first byte that does not stand for itself; answers how many it copied.
  ///
  /// Eight bytes at a time, by the usual test for a byte below a bound within a word: a report is 5 KB of prose with
  /// little to escape in it, and took 5 us byte by byte.
  private mutating func copyPlain(_ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    reserve(utf8.count)
    guard let source = UnsafeRawPointer(utf8.baseAddress) else { return 0 }
    let target = UnsafeMutableRawPointer(start + count)
    var index = 0
    while index + 8 <= utf8.count {
      let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let hits =
        Self.below(word, 0x20) | Self.below(word ^ Self.everyByte(UInt8(ascii: "\"")), 1)
        | Self.below(word ^ Self.everyByte(UInt8(ascii: "\\")), 1)
      if hits != 0 { break }
      target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < utf8.count, !Self.needsEscape(utf8[index]) {
      target.storeBytes(of: utf8[index], toByteOffset: index, as: UInt8.self)
      index += 1
    }
    count += index
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
    put(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
    case 0x08: put(UInt8(ascii: "b"))
    case 0x09: put(UInt8(ascii: "t"))
    case 0x0A: put(UInt8(ascii: "n"))
    case 0x0C: put(UInt8(ascii: "f"))
    case 0x0D: put(UInt8(ascii: "r"))
    default:
      put("u00")
      for digit in [byte >> 4, byte & 0xF] {
        put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }
}
