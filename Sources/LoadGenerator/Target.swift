// Where a load goes.

internal import Glibc
internal import LinuxSupport

package enum Target: Sendable, Hashable {
  /// A Unix stream socket.
  case unix(String)
  /// A port on this machine's loopback.
  case loopback(port: UInt16)
  /// Descriptors that are connected already, one for each client; the run closes them.
  case connected([Int32])

  /// A connected descriptor that does not block.
  func connect(client: Int) throws(LoadError) -> Int32 {
    switch self {
    case .connected(let descriptors): return try Self.unblocked(descriptors[client])
    case .unix(let path):
      let descriptor: Int32
      do throws(SystemError) {
        descriptor = try UnixSocket.connected(to: path)
      } catch {
        throw .unreachable(path, errno: error.errno)
      }
      return try Self.unblocked(descriptor)
    case .loopback(let port): return try Self.unblocked(try Self.connected(toLoopback: port))
    }
  }

  /// Whether something listens there.
  package var answers: Bool {
    guard let descriptor = try? connect(client: 0) else { return false }
    close(descriptor)
    return true
  }

  private static func connected(toLoopback port: UInt16) throws(LoadError) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system("make a socket", errno: errno) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let outcome = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard outcome == 0 else {
      let code = errno
      close(descriptor)
      throw .unreachable("127.0.0.1:\(port)", errno: code)
    }
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    return descriptor
  }

  private static func unblocked(_ descriptor: Int32) throws(LoadError) -> Int32 {
    guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
      let code = errno
      close(descriptor)
      throw .system("use a socket", errno: code)
    }
    return descriptor
  }
}
