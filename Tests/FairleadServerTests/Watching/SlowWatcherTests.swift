// A watcher who does not read: the daemon keeps what fits into the channel, and the rest stays in the log or the ring.

import DaemonTestSupport
import ExactJSON
import FairleadModel
@testable import FairleadServer
import FairleadService
import FairleadStore
import Foundation
import NIOCore
import NIOPosix
import Testing

@Suite("A watcher who does not read", .timeLimit(.minutes(5)))
struct SlowWatcherTests {
  private static let (events, messageBytes) = (300, 4000)

  private static func change(_ seq: Int, messageBytes: Int = messageBytes) -> Change {
    Change(
      seq: seq, at: Timestamp(milliseconds: 0), method: "extension.set", kind: .extension, subject: "aks-preview",
      actor: Actor(uid: 0, gid: 0, pid: 1, name: "root"), message: String(repeating: "m", count: messageBytes),
      requestID: nil, params: [:],
      report: Report(subject: "aks-preview", verdict: .none, summary: "set", affected: Affected(clusters: 0)),
      effects: Effects())
  }

  @Test("no more than the channel's mark and one event is written for it, and it gets every event once it reads")
  func bounded() throws {
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
    let pipe = try SocketPair()
    let channel = try ClientBootstrap(group: group).channelOption(.autoRead, value: false)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(
              peer: Peer(actor: system, role: .admin), dispatcher: dispatcher, workers: workers, hub: hub,
              memory: memory))
        }
      }.withConnectedSocket(pipe.far).wait()
    let request = #"{"jsonrpc":"2.0","id":1,"method":"change.watch"}"# + "\n"
    #expect(pipe.send(Array(request.utf8)))
    #expect(pipe.lines(1).first?.contains("subscription") == true)

    hub.publish((1...Self.events).map { Self.change($0) })
    // The loop stops writing where the channel lags behind; until then it takes turns. Another wait would be a sleep.
    while try channel.eventLoop.submit({ channel.isWritable }).wait() {}
    let mark = try channel.getOption(.writeBufferWaterMark).wait().high
    let buffered = try channel.getOption(.bufferedWritableBytes).wait()
    #expect(buffered <= mark + Self.messageBytes + 1000)

    let lines = pipe.lines(Self.events)
    #expect(lines.count == Self.events)
    for (index, line) in lines.enumerated() where !line.contains(#""seq":\#(index + 1),"#) {
      Issue.record("line \(index) is not the event of change \(index + 1)")
      break
    }
    pipe.closeNear()
    try group.syncShutdownGracefully()
    workers.stop()
    registry.stop()
    try ledger.close()
  }

  @Test("a page of the log for a watch is cut where it is long, and covers the changes up to the cut")
  func page() {
    let events = (1...200).map { Event(Self.change($0)) }
    let short = Dispatcher.cut(Array(events.prefix(3)), through: 9)
    #expect(short.events.map(\.seq) == [1, 2, 3])
    #expect(short.through == 9)
    let long = Dispatcher.cut(events, through: 900)
    let bytes = long.events.reduce(0) { $0 + $1.tail.count }
    #expect(bytes <= ServerLimits.watchPageBytes)
    #expect(bytes + Self.messageBytes + 1000 > ServerLimits.watchPageBytes)
    #expect(long.events.map(\.seq) == Array(1...long.through))
  }

  @Test("a single event that is longer than a page is a page")
  func longEvent() {
    let long = Event(Self.change(1, messageBytes: 2 * ServerLimits.watchPageBytes))
    let page = Dispatcher.cut([long, Event(Self.change(2))], through: 7)
    #expect(page.events.map(\.seq) == [1])
    #expect(page.through == 1)
  }
}
