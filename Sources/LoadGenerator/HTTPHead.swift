// The part of an HTTP response's head that gives the length of the body.

enum HTTPHead {
  /// Where the body starts and its length, `nil` for one in chunks; `nil` where the head is not complete.
  static func body(in bytes: UnsafeRawBufferPointer) throws(LoadError) -> (start: Int, length: Int?)? {
    guard let end = bytes.firstRange(ofBytes: "\r\n\r\n") else { return nil }
    var length: Int?
    var isChunked = false
    var offset = 0
    while offset < end, let next = bytes.lineFeed(from: offset) {
      let line = UnsafeRawBufferPointer(rebasing: bytes[offset..<next])
      if line.startsWithoutCase("content-length:") {
        length = try line.number(from: 15, to: line.count, radix: 10, allowsSign: false)
      } else if line.startsWithoutCase("transfer-encoding:") {
        isChunked = line.firstRange(ofBytes: "chunked") != nil
      }
      offset = next
    }
    guard isChunked || length != nil else { throw .malformed("a response has neither a length nor chunks") }
    return (end + 4, isChunked ? nil : length)
  }
}
