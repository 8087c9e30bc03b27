// The socket as NIO's server channel.

internal import NIOCore
internal import NIOPosix

/// Accepts connections on `socket`, whose descriptor the channel owns from here on. `accept` sets each of them up.
func listen(
  on socket: SocketFile, group: any EventLoopGroup,
  accept: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
) throws(StartError) -> any Channel {
  do {
    return try ServerBootstrap(group: group)
      // NIO has called listen(2) again by then, with its own backlog of 128. Its channel option for that comes too late for a
      // socket that is bound already: NIO reads it only where it binds.
      .serverChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try socket.listen() } }
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer(accept)
      .withBoundSocket(socket.descriptor)
      .wait()
  } catch {
    throw StartError("cannot listen on \(socket.path): \(error)")
  }
}
