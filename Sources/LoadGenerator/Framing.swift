// Splits a stream of bytes into the replies of a peer.

/// A protocol's way to delimit replies.
package enum Framing: Sendable, Hashable {
  /// One reply a line.
  case lines
  /// Concatenated JSON objects, as OVSDB sends them: a reply ends where its braces are balanced.
  case braces
  /// Redis' protocol. One request, which may be a pipeline or a transaction, is answered with `replies` replies.
  case resp(replies: Int)
  /// HTTP/1.1 with a length or in chunks, on a connection that stays open.
  case http
}

/// Finds where a reply ends, and remembers how far it searched, so that no byte is searched twice.
struct FrameScanner {
  private let framing: Framing
  private var offset = 0
  private var depth = 0
  private var inString = false
  private var isEscaped = false
  /// Values of Redis that are still to come.
  private var due = 0
  /// Where an HTTP body starts, and how long it is; a chunked one has no length.
  private var body: (start: Int, length: Int?)?

  init(_ framing: Framing) {
    self.framing = framing
    reset()
  }

  private mutating func reset() {
    (offset, depth, inString, isEscaped, body) = (0, 0, false, false, nil)
    if case .resp(let replies) = framing { due = replies }
  }

  /// The length of the first reply in `bytes`, which begin where the last one ended; `nil` where more bytes must come, and
  /// then the next call has these and more.
  mutating func next(in bytes: UnsafeRawBufferPointer) throws(LoadError) -> Int? {
    let end: Int? =
      switch framing {
      case .lines: line(in: bytes)
      case .braces: object(in: bytes)
      case .resp: try values(in: bytes)
      case .http: try response(in: bytes)
      }
    if end != nil { reset() }
    return end
  }

  private mutating func line(in bytes: UnsafeRawBufferPointer) -> Int? {
    let end = bytes.lineFeed(from: offset)
    if end == nil { offset = bytes.count }
    return end
  }

  private mutating func object(in bytes: UnsafeRawBufferPointer) -> Int? {
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if inString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
      } else if byte == UInt8(ascii: "\"") {
        inString = true
      } else if byte == UInt8(ascii: "{") {
        depth += 1
      } else if byte == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return offset }
      }
    }
    return nil
  }

  private mutating func values(in bytes: UnsafeRawBufferPointer) throws(LoadError) -> Int? {
    while due > 0 {
      guard let end = bytes.lineFeed(from: offset) else { return nil }
      switch bytes[offset] {
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"):
        offset = end
        due -= 1
      case UInt8(ascii: "$"):
        let length = try bytes.number(from: offset + 1, to: end, radix: 10, allowsSign: true)
        let whole = length < 0 ? end : end + length + 2
        guard whole <= bytes.count else { return nil }
        offset = whole
        due -= 1
      case UInt8(ascii: "*"):
        due += max(0, try bytes.number(from: offset + 1, to: end, radix: 10, allowsSign: true)) - 1
        offset = end
      default: throw .malformed("it is not in Redis' protocol")
      }
    }
    return offset
  }

  private mutating func response(in bytes: UnsafeRawBufferPointer) throws(LoadError) -> Int? {
    if body == nil { body = try HTTPHead.body(in: bytes) }
    guard let (start, length) = body else { return nil }
    if let length { return bytes.count >= start + length ? start + length : nil }
    if offset < start { offset = start }
    while let end = bytes.lineFeed(from: offset) {
      let size = try bytes.number(from: offset, to: end, radix: 16, allowsSign: false)
      // A chunk and its line end; the last one is empty.
      guard bytes.count >= end + size + 2 else { return nil }
      offset = end + size + 2
      if size == 0 { return offset }
    }
    return nil
  }
}
