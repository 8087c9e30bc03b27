// The bytes of JSON text that is being written: one buffer, commas, strings and numbers.

/// Writes compact JSON text straight into one buffer, without building a tree first. The text holds no line feed, so that it is
/// one line of the protocol. Members, items and nesting are in JSONWriter+Members.swift.
///
/// A report as a tree and then as text took 26 us, of which two thirds went into building the tree. Commas are written here;
/// whoever opens an object or array closes it.
package struct JSONWriter: ~Copyable {
  // Memory of its own and not an array, whose checks at each of a report's thousand small writes took half of the time.
  // It never leaves this value, which frees it.
  private var start: UnsafeMutablePointer<UInt8>
  private var count = 0
  private var capacity: Int

  package init(capacity: Int = 512) {
    self.capacity = max(capacity, 64)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  /// Ends the writing and returns the text.
  package consuming func finish() -> [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// A comma, unless this is the first of an object or array, or of the text.
  mutating func separate() {
    guard count > 0 else { return }
    switch start[count - 1] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return
    default: put(UInt8(ascii: ","))
    }
  }

  mutating func write(key: String) {
    separate()
    quote(key)
    put(UInt8(ascii: ":"))
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
  mutating func put(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count += 1
  }

  mutating func put(_ word: StaticString) {
    for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) { put(byte) }
  }

  mutating func put(_ bytes: [UInt8]) {
    reserve(bytes.count)
    bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { (start + count).update(from: base, count: source.count) }
    }
    count += bytes.count
  }

  mutating func put(digitsOf value: Int) {
    if value < 0 { put(UInt8(ascii: "-")) }
    // From the last digit to the first, since division yields them in that order.
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

  mutating func quote(_ string: String) {
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

  /// Copies up to the first byte that must be escaped; returns how many it copied.
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
