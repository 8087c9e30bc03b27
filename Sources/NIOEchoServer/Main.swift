// A bare SwiftNIO server on one thread: answers each line with a line of a given length. scripts/bench-peers measures it.

internal import Glibc
internal import NIOCore
internal import NIOPosix

@main
struct NIOEchoServer {
  static func main() throws {
    guard CommandLine.arguments.count == 3, let length = Int(CommandLine.arguments[2]), length > 0 else {
      _ = write(STDERR_FILENO, usage, usage.utf8.count)
      exit(64)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let server = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Echo(length: length))
        }
      }
      .bind(unixDomainSocketPath: CommandLine.arguments[1]).wait()
    // Until a signal ends it.
    try server.closeFuture.wait()
  }

  private static let usage = "usage: NIOEchoServer SOCKET REPLY-BYTES\n"
}

/// Counts line feeds, and flushes once for all lines of one read.
private final class Echo: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let reply: ByteBuffer

  init(length: Int) {
    var reply = ByteBuffer(repeating: UInt8(ascii: "y"), count: length - 1)
    reply.writeInteger(UInt8(ascii: "\n"))
    self.reply = reply
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    for byte in unwrapInboundIn(data).readableBytesView where byte == UInt8(ascii: "\n") {
      context.write(wrapOutboundOut(reply), promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}
