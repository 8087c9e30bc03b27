// The peer of a connection, as the kernel reports it.

internal import FairleadModel
internal import Glibc
internal import NIOCore

/// Linux's `struct ucred`, which Glibc's module does not show to Swift. Source: unix(7), SO_PEERCRED.
struct PeerCredentials: Sendable {
  var pid: Int32 = 0
  var uid: UInt32 = 0
  var gid: UInt32 = 0

  /// Asks the kernel about the peer of `channel`, as it was when it connected.
  static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
    guard let provider = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
    }
    return provider.unsafeGetSocketOption(level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
  }

  /// The peer's role: root and the daemon's own user may do everything, others nothing.
  var role: Role? { uid == 0 || uid == geteuid() ? .admin : nil }

  /// The peer as the author of changes; `nil` is a name that is not known yet.
  func actor(named name: String?) -> Actor { Actor(uid: uid, gid: gid, pid: pid, name: name ?? String(uid)) }
}
