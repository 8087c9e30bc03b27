// Whose turn it is: in order, each once, and behind everybody else for another one.

@testable import FairleadServer
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite("Turns of the connections that watch", .timeLimit(.minutes(5)))
struct WatchTurnsTests {
  @Test("a turn is taken in the order of the requests, and another one behind those who wait")
  func order() {
    var turns = WatchTurns<String>()
    for follower in ["a", "b", "a", "c"] { turns.add(follower) }
    #expect(turns.next() == "a")
    turns.add("a")
    #expect([turns.next(), turns.next(), turns.next(), turns.next()] == ["b", "c", "a", nil])
    #expect(turns.isEmpty)
  }

  @Test("who is gone has no turn, and one that comes anew has one")
  func gone() {
    var turns = WatchTurns<String>()
    for follower in ["a", "b"] { turns.add(follower) }
    turns.remove("a")
    #expect(turns.next() == "b")
    #expect(turns.next() == nil)
    turns.add("a")
    turns.remove("a")
    #expect(turns.isEmpty)
    turns.add("a")
    #expect(turns.next() == "a")
    #expect(turns.next() == nil)
  }

  @Test("the loop reads what its channels are sent in the middle of turns that have no end")
  func polls() throws {
    final class Reader: ChannelInboundHandler {
      typealias InboundIn = ByteBuffer
      private let onRead: () -> Void
      init(_ onRead: @escaping () -> Void) { self.onRead = onRead }
      func channelRead(context: ChannelHandlerContext, data: NIOAny) { onRead() }
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let hub = WatchHub(lastSeq: 0, loop: group.next())
    let pipe = try SocketPair()
    let read = group.next().makePromise(of: Void.self)
    let isRead = NIOLoopBoundBox.makeBoxSendingValue(false, eventLoop: group.next())
    _ = try ClientBootstrap(group: group).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(
          Reader {
            isRead.value = true
            read.succeed()
          })
      }
    }.withConnectedSocket(pipe.far).wait()
    let greedy = Box()
    let id = ObjectIdentifier(greedy)
    try group.next().submit {
      hub.setWakeup(for: id) { _ in
        if !pipe.send([1]) { read.fail(ChannelError.eof) }
        if !isRead.value { hub.requestTurn(for: id) }
      }
      hub.requestTurn(for: id)
    }.wait()
    try read.futureResult.wait()
    pipe.closeNear()
    try group.syncShutdownGracefully()
    withExtendedLifetime(greedy) {}
  }

  private final class Box {}
}
