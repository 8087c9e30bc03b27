// Fairness of two connections on one event loop: the loop serves both, however much one of them has sent.

import DaemonTestSupport
import FairleadModel
@testable import FairleadServer
import FairleadService
import FairleadStore
import Foundation
import NIOCore
import NIOPosix
import Testing

@Suite("Fairness between connections", .timeLimit(.minutes(5)))
struct FairnessTests {
  /// What happened on the loop, in order.
  private final class Journal {
    enum Entry { case greedy, modest, sent }
    var entries: [Entry] = []
  }

  /// A handler in front of the connection's, which records reads and writes.
  private final class Tap: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    private let entry: Journal.Entry
    private let journal: Journal
    private let onRead: (Int) -> Void
    private var bytes = 0

    init(_ entry: Journal.Entry, _ journal: Journal, onRead: @escaping (_ bytes: Int) -> Void = { _ in }) {
      (self.entry, self.journal, self.onRead) = (entry, journal, onRead)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      bytes += unwrapInboundIn(data).readableBytes
      onRead(bytes)
      context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      journal.entries.append(entry)
      context.write(data, promise: promise)
    }
  }

  /// A refusal costs as little as a request can. With blanks it is as long as a read of a cluster.
  private let line = Array((#"{"jsonrpc":"2.0","id":1,"method":"x"}"# + String(repeating: " ", count: 62) + "\n").utf8)

  @Test("a request waits for at most one read and one pass of another connection's thousands of requests")
  func greedy() throws {
    let scratch = try Scratch()
    let ledger = try Ledger(path: scratch.file("ledger.db"))
    let system = Actor(uid: 0, gid: 0, pid: 1, name: "system")
    let registry = try Registry(
      ledger: ledger, settleSeconds: 0, system: system, now: { .now }, bootTime: { nil }, log: { _ in })
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let hub = WatchHub(lastSeq: 0, loop: group.next())
    let workers = try WorkerPool(sizes: WorkerSizes(cores: 1))
    let memory = MemoryBudget(limit: Limits.memoryBytes, loop: group.next())
    let dispatcher = Dispatcher(registry: registry, socketPath: "", onDeadline: {})
    let journal = NIOLoopBoundBox.makeBoxSendingValue(Journal(), eventLoop: group.next())
    let answered = group.next().makePromise(of: [Journal.Entry].self)
    let line = line
    // A batch may ask a hundred times for the longest answer that memory has: a worker copies it.
    let discover = Array(#"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"#.utf8)
    if case .single(.read(.discover, id: _)) = dispatcher.decode(discover, from: Peer(actor: system, role: .admin)) {
    } else {
      Issue.record("the loop answers rpc.discover itself")
    }

    func connect(_ end: Int32, _ tap: @escaping @Sendable (Journal) -> Tap) throws {
      _ = try ClientBootstrap(group: group).channelOption(.autoRead, value: false)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = ConnectionHandler(
              peer: Peer(actor: system, role: .admin), dispatcher: dispatcher, workers: workers, hub: hub,
              memory: memory)
            try channel.pipeline.syncOperations.addHandlers([tap(journal.value), handler])
          }
        }.withConnectedSocket(end).wait()
    }

    let (modest, greedy) = (try pair(), try pair())
    try connect(modest.far) { journal in Tap(.modest, journal) }
    // All requests are in the socket before the loop polls it.
    #expect(send(Array(repeating: line, count: 1900).flatMap { $0 }, to: greedy.near))
    try connect(greedy.far) { journal in
      var isSent = false
      return Tap(.greedy, journal) { bytes in
        // By now NIO's read buffer has its full size. The other connection's request arrives during this read.
        guard bytes >= 4 * ServerLimits.readBytes, !isSent else { return }
        isSent = true
        journal.entries.append(.sent)
        if !send(line, to: modest.near) { answered.fail(ChannelError.eof) }
      }
    }
    // Receiving it shows that the modest connection's reply has been written.
    var reply = [UInt8](repeating: 0, count: 1 << 16)
    try #require(recv(modest.near, &reply, reply.count, 0) > 0)
    group.next().execute { answered.succeed(journal.value.entries) }
    let entries = try answered.futureResult.wait()
    let sent = try #require(entries.firstIndex(of: .sent))
    let reached = try #require(entries.firstIndex(of: .modest))
    #expect(reached - sent - 1 <= ServerLimits.readBytes / line.count + ServerLimits.requestsPerPass)

    for end in [modest.near, greedy.near] { close(end) }
    try group.syncShutdownGracefully()
    workers.stop()
    registry.stop()
    try ledger.close()
  }
}

/// Two ends of a stream.
private func pair() throws -> (near: Int32, far: Int32) {
  var ends: [Int32] = [0, 0]
  guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw POSIXError(.EMFILE) }
  // So that a hang is a failure.
  var patience = timeval(tv_sec: 30, tv_usec: 0)
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  return (ends[0], ends[1])
}

/// Sends without waiting, and says whether all of it was taken.
private func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT)) == bytes.count
}
