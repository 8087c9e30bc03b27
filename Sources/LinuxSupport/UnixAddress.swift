// Addresses of Unix stream sockets, and the calls that take one.

package import Glibc

/// A path that a Unix socket can be bound to. Source: unix(7), pathname sockets.
package struct UnixAddress: Sendable {
  /// Bytes of a path without its closing zero: `sun_path` holds 108.
  package static let longestPath = 107

  /// As the kernel takes it.
  package private(set) var address = sockaddr_un()

  /// - Throws: ENAMETOOLONG for a path of more than `longestPath` bytes, EINVAL for one that is empty or holds a zero byte,
  ///   which the kernel would read as an abstract name, or as the end.
  package init(_ path: String) throws(SystemError) {
    guard path.utf8.count <= Self.longestPath else { throw SystemError(errno: ENAMETOOLONG) }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw SystemError(errno: EINVAL) }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  }

  /// Connects the socket `descriptor`. On a blocking socket it waits until the listener's backlog has room. Source: connect(2).
  package func connect(_ descriptor: Int32) throws(SystemError) {
    guard call({ Glibc.connect(descriptor, $0, $1) }) == 0 else { throw .last }
  }

  /// Gives the socket `descriptor` this address, which makes a file at the path. Source: bind(2): EADDRINUSE where one exists.
  package func bind(_ descriptor: Int32) throws(SystemError) {
    guard call({ Glibc.bind(descriptor, $0, $1) }) == 0 else { throw .last }
  }

  private func call(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}

/// Unix stream sockets, closed by exec. Whoever gets a descriptor closes it.
package enum UnixSocket {
  /// A socket without an address. Source: socket(2).
  package static func make(nonBlocking: Bool = false) throws(SystemError) -> Int32 {
    let flags = Int32(SOCK_CLOEXEC.rawValue) | (nonBlocking ? Int32(SOCK_NONBLOCK.rawValue) : 0)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }

  /// A blocking socket that is connected to the listener at `path`. `prepare` sets options before it connects.
  package static func connected(
    to path: String, prepare: (_ descriptor: Int32) -> Void = { _ in }
  ) throws(SystemError) -> Int32 {
    let address = try UnixAddress(path)
    return try make { (descriptor) throws(SystemError) in
      prepare(descriptor)
      try address.connect(descriptor)
    }
  }

  /// A socket that is bound to `path`, where there is nothing yet, and listens.
  /// - Parameter backlog: how many connections wait to be accepted. Source: listen(2); the kernel caps it at `somaxconn`.
  package static func listening(
    at path: String, backlog: Int32, nonBlocking: Bool = false
  ) throws(SystemError) -> Int32 {
    let address = try UnixAddress(path)
    return try make(nonBlocking: nonBlocking) { (descriptor) throws(SystemError) in
      try address.bind(descriptor)
      guard listen(descriptor, backlog) == 0 else { throw .last }
    }
  }

  /// A socket that `body` has prepared; closed where `body` fails.
  private static func make(
    nonBlocking: Bool = false, _ body: (Int32) throws(SystemError) -> Void
  ) throws(SystemError) -> Int32 {
    let descriptor = try make(nonBlocking: nonBlocking)
    do throws(SystemError) {
      try body(descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }
}
