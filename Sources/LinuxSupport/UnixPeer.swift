// Who is at the other end of a connected Unix socket, as the kernel says.

internal import Glibc

/// The process at the other end of a connection. Linux's `struct ucred`, which Glibc's module does not show to Swift. Source:
/// unix(7), SO_PEERCRED.
package struct UnixPeer: Sendable, Hashable {
  package var pid: Int32 = 0
  package var uid: UInt32 = 0
  package var gid: UInt32 = 0

  package init(pid: Int32 = 0, uid: UInt32 = 0, gid: UInt32 = 0) {
    self.pid = pid
    self.uid = uid
    self.gid = gid
  }

  /// The peer of the connected socket `descriptor`: of a client's socket, whoever called listen(2); of an accepted one, whoever
  /// called connect(2). A process that got the socket from that one later is not told apart. Throws what getsockopt(2) says.
  package static func of(_ descriptor: Int32) throws(SystemError) -> UnixPeer {
    var peer = UnixPeer()
    var size = socklen_t(MemoryLayout<UnixPeer>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 else { throw .last }
    return peer
  }
}
