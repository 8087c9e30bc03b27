// A blocking Unix stream connection: one line out, one line in.

internal import Glibc
internal import LinuxSupport

struct Connection: ~Copyable {
  /// Why an exchange ended without a whole line.
  enum Broken: Error, Sendable, Hashable {
    /// The peer closed before its line was complete; `partial` says whether part of it had arrived.
    case closed(partial: Bool)
    /// Nothing was received or sent for so many seconds, or the whole took longer than so many. `partial` says whether part of
    /// the answer had arrived.
    case silent(seconds: Int, partial: Bool)
    /// The peer sent more bytes than a line may have.
    case tooLong(bytes: Int)
    case system(errno: Int32)
  }

  private let descriptor: Int32
  private let limits: ExchangeLimits
  /// In `monotonicNanoseconds()`.
  private let end: Int
  /// Who listens.
  let peer: UnixPeer

  /// Connects, and looks who listens before anything is sent.
  init(to address: SocketAddress, _ trust: DaemonTrust, _ limits: ExchangeLimits = .standard) throws(Failure) {
    guard !address.isTooLong else { throw address.tooLong }
    let end = limits.endOfExchange
    let descriptor: Int32
    let peer: UnixPeer
    do throws(SystemError) {
      descriptor = try UnixSocket.connected(to: address.path) { descriptor in
        // It bounds connect(2) where the listener's queue is full.
        let left = Self.wait(limits, until: end)
        var patience = timeval(tv_sec: left / 1000, tv_usec: left % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
      }
    } catch {
      throw address.failure(errno: error.errno, after: limits.silence)
    }
    do throws(SystemError) {
      peer = try UnixPeer.of(descriptor)
    } catch {
      close(descriptor)
      throw address.failure(errno: error.errno, after: limits.silence)
    }
    do throws(Failure) {
      try trust.check(peer, at: address.place)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.limits = limits
    self.end = end
    self.peer = peer
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
      try wait(for: POLLOUT, partial: false)
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
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
      guard line.count <= limits.lineBytes else { throw .tooLong(bytes: limits.lineBytes) }
    }
  }

  /// Waits for bytes from the peer. `partial` says whether a line has begun.
  func read(partial: Bool = false) throws(Broken) -> [UInt8] {
    while true {
      try wait(for: POLLIN, partial: partial)
      var code: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { room, filled in
        let count = recv(descriptor, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
        if count < 0 { code = errno }
        filled = max(0, count)
      }
      switch code {
      case 0 where piece.isEmpty: throw .closed(partial: partial)
      case 0: return piece
      case EINTR, EAGAIN: continue
      case ECONNRESET: throw .closed(partial: partial)
      default: throw .system(errno: code)
      }
    }
  }

  /// Waits until the socket is ready, as long as the limits let it.
  private func wait(for event: Int32, partial: Bool) throws(Broken) {
    while true {
      let left = Self.wait(limits, until: end)
      guard left > 0 else { throw .silent(seconds: limits.total, partial: partial) }
      var stream = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      switch poll(&stream, 1, Int32(clamping: left)) {
      case 1...: return
      case 0 where left == limits.silence * 1000: throw .silent(seconds: limits.silence, partial: partial)
      case 0: throw .silent(seconds: limits.total, partial: partial)
      default: guard errno == EINTR else { throw .system(errno: errno) }
      }
    }
  }

  /// Milliseconds to wait for the next bytes; 0 where the time is over.
  private static func wait(_ limits: ExchangeLimits, until end: Int) -> Int {
    max(0, min(limits.silence * 1000, (end - monotonicNanoseconds() + 999_999) / 1_000_000))
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
