// Where a load goes.

internal import Glibc

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
      var name = sockaddr_un()
      name.sun_family = sa_family_t(AF_UNIX)
      guard path.utf8.count < MemoryLayout.size(ofValue: name.sun_path) else {
        throw .unreachable(path, errno: ENAMETOOLONG)
      }
      withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
      return try Self.connect(AF_UNIX, &name, path)
    case .loopback(let port):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let descriptor = try Self.connect(AF_INET, &name, "127.0.0.1:\(port)")
      var on: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      return descriptor
    }
  }

  /// Whether something listens there.
  package var answers: Bool {
    guard let descriptor = try? connect(client: 0) else { return false }
    close(descriptor)
    return true
  }

  private static func connect<Name>(_ family: Int32, _ name: inout Name, _ place: String) throws(LoadError) -> Int32 {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system("make a socket", errno: errno) }
    let size = socklen_t(MemoryLayout<Name>.size)
    let outcome = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
    }
    guard outcome == 0 else {
      let code = errno
      close(descriptor)
      throw .unreachable(place, errno: code)
    }
    return try unblocked(descriptor)
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
