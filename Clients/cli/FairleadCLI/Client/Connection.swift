// A blocking Unix stream connection: one line out, one line in.

internal import Glibc

struct Connection: ~Copyable {
  /// Why an exchange ended without a whole line.
  enum Broken: Error, Sendable, Hashable {
    /// The peer closed before its line was complete; `partial` says whether some of it had come.
    case closed(partial: Bool)
    /// Nothing came or went for `patience` seconds.
    case silent
    case system(errno: Int32)
  }

  private let descriptor: Int32

  /// Seconds of silence after which a daemon is given up. It answers within a few, also while another program holds its
  /// database.
  static let patience = 60

  /// Takes over a connected socket.
  init(adopting descriptor: Int32) { self.descriptor = descriptor }

  init(to address: SocketAddress) throws(Failure) {
    self.init(adopting: try Self.connected(to: address))
  }

  private static func connected(to address: SocketAddress) throws(Failure) -> Int32 {
    guard !address.isTooLong else { throw address.tooLong }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw address.failure(errno: errno) }
    var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: address.path.utf8) }
    let outcome = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard outcome == 0 else {
      let code = errno
      close(descriptor)
      throw address.failure(errno: code)
    }
    return descriptor
  }

  deinit { close(descriptor) }

  /// Sends `line`, which ends in a line feed, and waits for the line that answers it, returned without its own.
  func exchange(_ line: [UInt8]) throws(Broken) -> [UInt8] {
    let sent = send(line)
    // A peer that refuses may answer and close before it has read everything: its answer counts.
    do throws(Broken) {
      return try receive()
    } catch {
      try sent.get()
      throw error
    }
  }

  private func send(_ line: [UInt8]) -> Result<Void, Broken> {
    var rest = line[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return .failure(.silent) }
        return errno == EPIPE || errno == ECONNRESET
          ? .failure(.closed(partial: false)) : .failure(.system(errno: errno))
      }
      rest = rest.dropFirst(count)
    }
    return .success(())
  }

  private func receive() throws(Broken) -> [UInt8] {
    var line: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { throw .silent }
        throw errno == ECONNRESET ? .closed(partial: !line.isEmpty) : .system(errno: errno)
      }
      guard count > 0 else { throw .closed(partial: !line.isEmpty) }
      if let end = chunk[..<count].firstIndex(of: UInt8(ascii: "\n")) {
        line += chunk[..<end]
        return line
      }
      line += chunk[..<count]
    }
  }
}
