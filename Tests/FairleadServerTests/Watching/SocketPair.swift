// Two ends of a stream: the test holds the near one, and a channel takes the far one.

import Foundation

final class SocketPair: Sendable {
  let near: Int32
  let far: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw POSIXError(.EMFILE) }
    // So that a hang is a failure.
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    (near, far) = (ends[0], ends[1])
  }

  func send(_ bytes: [UInt8]) -> Bool { Glibc.send(near, bytes, bytes.count, Int32(MSG_DONTWAIT)) == bytes.count }

  /// Reads so many lines, or those until the end or the patience.
  func lines(_ count: Int) -> [String] {
    var (bytes, lines): ([UInt8], Int) = ([], 0)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while lines < count {
      let read = recv(near, &buffer, buffer.count, 0)
      guard read > 0 else { break }
      bytes += buffer[..<read]
      lines += buffer[..<read].count { $0 == 0x0a }
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  func closeNear() { close(near) }
}
