// A blocking Unix stream connection: one line out, one line in.

internal import Glibc
internal import LinuxSupport

struct Connection: ~Copyable {
  /// Why an exchange ended without a whole line.
  enum Broken: Error, Sendable, Hashable {
    /// The peer closed before its line was complete; `partial` says whether part of it had arrived.
    case closed(partial: Bool)
    /// Nothing was received or sent for `patience` seconds.
    case silent
    case system(errno: Int32)
  }

  private let descriptor: Int32

  /// Seconds of silence after which the command gives up. The daemon answers within a few, even while another program
  /// has its database locked.
  static let patience = 60

  /// Takes over a connected socket.
  init(adopting descriptor: Int32) { self.descriptor = descriptor }

  init(to address: SocketAddress) throws(Failure) {
    self.init(adopting: try Self.connected(to: address))
  }

  private static func connected(to address: SocketAddress) throws(Failure) -> Int32 {
    guard !address.isTooLong else { throw address.tooLong }
    do throws(SystemError) {
      return try UnixSocket.connected(to: address.path) { descriptor in
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
          setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
      }
    } catch {
      throw address.failure(errno: error.errno)
    }
  }

  deinit { close(descriptor) }

  /// Sends `line`, which ends in a line feed, and waits for the line that answers it, returned without its own.
  func exchange(_ line: [UInt8]) throws(Broken) -> [UInt8] {
    let sent: Broken?
    do throws(Broken) {
      try send(line)
      sent = nil
    } catch {
      sent = error
    }
    // A peer that refuses may answer and close before it has read everything: then its answer counts, not the failed send.
    do throws(Broken) {
      return try receive()
    } catch {
      throw sent ?? error
    }
  }

  func send(_ line: [UInt8]) throws(Broken) {
    var rest = line[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { throw .silent }
        throw errno == EPIPE || errno == ECONNRESET ? .closed(partial: false) : .system(errno: errno)
      }
      rest = rest.dropFirst(count)
    }
  }

  private func receive() throws(Broken) -> [UInt8] {
    var line: [UInt8] = []
    while true {
      let piece = try read(partial: !line.isEmpty)
      if let end = piece.firstIndex(of: UInt8(ascii: "\n")) { return line + piece[..<end] }
      line += piece
    }
  }

  /// Waits for bytes from the peer. `partial` says whether a line has begun.
  func read(partial: Bool = false) throws(Broken) -> [UInt8] {
    while true {
      var code: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { room, filled in
        let count = recv(descriptor, room.baseAddress, room.count, 0)
        if count < 0 { code = errno }
        filled = max(0, count)
      }
      switch code {
      case 0 where piece.isEmpty: throw .closed(partial: partial)
      case 0: return piece
      case EINTR: continue
      case EAGAIN: throw .silent
      case ECONNRESET: throw .closed(partial: partial)
      default: throw .system(errno: code)
      }
    }
  }

  /// Waits without a limit until the peer has sent something or has closed; false where nobody reads the other end of the
  /// descriptor `reader` any more.
  func wait(whileReading reader: Int32?) throws(Broken) -> Bool {
    // With no events requested, poll still reports a pipe whose other end is closed; it ignores a negative descriptor.
    var streams = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: reader ?? -1, events: 0, revents: 0),
    ]
    while poll(&streams, 2, -1) < 0 {
      guard errno == EINTR else { throw .system(errno: errno) }
    }
    return streams[1].revents == 0
  }
}
