// Searching in bytes that were received, without copying them.

internal import Glibc

extension UnsafeRawBufferPointer {
  /// Where `text` begins first.
  func firstRange(ofBytes text: StaticString, within limit: Int = .max) -> Int? {
    guard let base = baseAddress else { return nil }
    let length = text.utf8CodeUnitCount
    var offset = 0
    while offset + length <= Swift.min(count, limit),
      let found = memchr(base + offset, Int32(text.utf8Start.pointee), Swift.min(count, limit) - length - offset + 1)
    {
      let place = UnsafeRawPointer(found) - base
      if memcmp(found, text.utf8Start, length) == 0 { return place }
      offset = place + 1
    }
    return nil
  }

  /// Whether these bytes begin with `text`.
  func starts(withBytes text: StaticString) -> Bool {
    guard let base = baseAddress, count >= text.utf8CodeUnitCount else { return false }
    return memcmp(base, text.utf8Start, text.utf8CodeUnitCount) == 0
  }

  /// Whether these bytes begin with `text`, which is in small letters.
  func startsWithoutCase(_ text: StaticString) -> Bool {
    guard let base = baseAddress, count >= text.utf8CodeUnitCount else { return false }
    return strncasecmp(
      base.assumingMemoryBound(to: CChar.self),
      UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self), text.utf8CodeUnitCount) == 0
  }

  /// The place behind the next line feed.
  func lineFeed(from offset: Int) -> Int? {
    guard let base = baseAddress, offset < count,
      let found = memchr(base + offset, Int32(UInt8(ascii: "\n")), count - offset)
    else { return nil }
    return UnsafeRawPointer(found) - base + 1
  }

  /// The number that is written between `start` and the line end before `end`: a length of at most 1 GiB.
  func number(from start: Int, to end: Int, radix: Int, allowsSign: Bool) throws(LoadError) -> Int {
    let digits = self[start..<end].drop { $0 == UInt8(ascii: " ") }
    let text = String(decoding: digits.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard let number = Int(text, radix: radix), allowsSign || number >= 0, number < 1 << 30 else {
      throw .malformed("'\(text)' is no length")
    }
    return number
  }
}
