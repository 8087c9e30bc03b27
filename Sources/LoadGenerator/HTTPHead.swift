// The head of an HTTP response, as far as its body's length depends on it.

internal import Glibc

enum HTTPHead {
  /// Where the body starts and its length, `nil` for one in chunks; `nil` where the head is not complete.
  static func body(in bytes: UnsafeRawBufferPointer) throws(LoadError) -> (start: Int, length: Int?)? {
    guard let end = bytes.firstRange(ofBytes: "\r\n\r\n") else { return nil }
    var length: Int?
    var isChunked = false
    var offset = 0
    while offset < end, let next = FrameScanner.lineFeed(in: bytes, from: offset) {
      let line = UnsafeRawBufferPointer(rebasing: bytes[offset..<next])
      if line.startsWithoutCase("content-length:") {
        length = try FrameScanner.number(in: line, from: 15, to: line.count, radix: 10, signed: false)
      } else if line.startsWithoutCase("transfer-encoding:") {
        isChunked = line.firstRange(ofBytes: "chunked") != nil
      }
      offset = next
    }
    guard isChunked || length != nil else { throw .malformed("a response has neither a length nor chunks") }
    return (end + 4, isChunked ? nil : length)
  }
}

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
}
