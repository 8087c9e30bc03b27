// The socket as NIO's server channel.

internal import LinuxSupport
internal import NIOCore
internal import NIOPosix

/// Makes the socket of `socket` and accepts connections on it. `accept` sets each of them up; it must be able to from now on.
///
/// NIO binds the socket and calls listen(2), once, with the right backlog. Given one that is bound it would listen with its own
/// backlog of 128 first.
func listen(
  on socket: SocketFile, group: any EventLoopGroup, pause: @escaping @Sendable () -> AcceptPause,
  accept: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
) throws(StartError) -> any Channel {
  try socket.make {
    do {
      return try ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: ServerLimits.backlog)
        .serverChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(pause()) }
        }
        .childChannelOption(.autoRead, value: false)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelInitializer(accept)
        .bind(to: SocketAddress(socket.address.address))
        .wait()
    } catch let error as IOError {
      // NIO's text would name its own functions.
      throw SystemError(errno: error.errnoCode)
    }
  }
}
