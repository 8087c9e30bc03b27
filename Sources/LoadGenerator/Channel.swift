// One connection of a load: the bytes still to be sent, and the beginning of an incomplete reply.

internal import Glibc

final class Channel {
  let descriptor: Int32
  private var outgoing: [UInt8] = []
  private var sent = 0
  private var partial: [UInt8] = []
  private var scanner: FrameScanner

  /// Takes over a connected descriptor that does not block.
  init(_ descriptor: Int32, _ framing: Framing) {
    self.descriptor = descriptor
    scanner = FrameScanner(framing)
  }

  deinit { close(descriptor) }

  /// Whether bytes wait until the peer reads.
  var isBlocked: Bool { sent < outgoing.count }

  /// Appends to the bytes that are sent next.
  func write(_ body: (inout [UInt8]) -> Void) { body(&outgoing) }

  /// Sends as much as the socket accepts without blocking.
  func flush() throws(LoadError) {
    while sent < outgoing.count {
      let count = outgoing.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return }
        throw errno == EPIPE || errno == ECONNRESET ? .closed : .system("send", errno: errno)
      }
      sent += count
    }
    sent = 0
    outgoing.removeAll(keepingCapacity: true)
  }

  /// Reads once, through `buffer`, and calls `body` with each complete frame. Returns false where nothing had arrived.
  func receive(
    _ buffer: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(LoadError) -> Void
  ) throws(LoadError) -> Bool {
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count < 0 {
      if errno == EAGAIN || errno == EINTR { return false }
      throw errno == ECONNRESET ? .closed : .system("receive", errno: errno)
    }
    guard count > 0 else { throw .closed }
    let fresh = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    if partial.isEmpty {
      let used = try frames(in: fresh, body)
      partial.append(contentsOf: fresh[used...])
      return true
    }
    partial.append(contentsOf: fresh)
    // Typed throws do not pass through withUnsafeBytes.
    let outcome = partial.withUnsafeBytes { (bytes) -> Result<Int, LoadError> in
      do throws(LoadError) { return .success(try frames(in: bytes, body)) } catch { return .failure(error) }
    }
    partial.removeFirst(try outcome.get())
    return true
  }

  private func frames(
    in bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(LoadError) -> Void
  ) throws(LoadError) -> Int {
    var start = 0
    while start < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
      guard let end = try scanner.next(in: rest) else { break }
      try body(UnsafeRawBufferPointer(rebasing: rest[..<end]))
      start += end
    }
    return start
  }
}

/// A buffer that every connection of a run reads through.
final class ReceiveBuffer {
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
  deinit { bytes.deallocate() }
}
