// A closed loop on one thread: a number of connections, a number of requests in flight on each, and each reply triggers the next
// request.

internal import LinuxSupport
internal import Glibc

/// The requests of a load, and the replies that it expects. Requests are numbered across all runs of the load, so that no change
/// repeats one of an earlier run.
package final class Load {
  package let framing: Framing
  /// The reply that each kind of request expects.
  package let kinds: [ReplyExpectation]
  /// Appends the request of a client with a number, and returns its kind.
  package let make: (_ client: Int, _ number: Int, _ buffer: inout [UInt8]) -> Int
  /// The number of the next request.
  fileprivate(set) var number: Int

  /// A load whose requests are numbered from `first`.
  package init(
    _ framing: Framing, kinds: [ReplyExpectation], from first: Int = 0,
    make: @escaping (_ client: Int, _ number: Int, _ buffer: inout [UInt8]) -> Int
  ) {
    (self.framing, self.kinds, self.make, number) = (framing, kinds, make, first)
  }

  /// A load of one kind of request.
  package convenience init(
    _ framing: Framing, _ expectation: ReplyExpectation, from first: Int = 0,
    make: @escaping (_ client: Int, _ number: Int, _ buffer: inout [UInt8]) -> Void
  ) {
    self.init(framing, kinds: [expectation], from: first) { client, number, buffer in
      make(client, number, &buffer)
      return 0
    }
  }
}

/// When a run ends.
package enum RunLength: Sendable, Hashable {
  case requests(Int)
  case seconds(Double)
}

/// The result of a run.
package struct LoadResult: Sendable {
  /// Times from a request to its reply, by kind.
  package var kinds: [Latencies]
  /// From the first request to the last reply.
  package var nanoseconds = 0

  package var all: Latencies {
    var all = Latencies()
    for kind in kinds { all.add(kind) }
    return all
  }

  package var perSecond: Double { rate(kinds.reduce(0) { $0 + $1.count }) }

  package func perSecond(kind: Int) -> Double { rate(kinds[kind].count) }

  private func rate(_ count: Int) -> Double { Double(count) * 1e9 / Double(max(1, nanoseconds)) }
}

package struct LoadRun {
  private let load: Load
  private let channels: [Channel]
  private var windows: [InFlightWindow]
  private var issued = 0
  private var outstanding = 0
  private var result: LoadResult
  private let last: Int
  private var deadline = Int.max
  private let received = ReceiveBuffer()
  private var poller: Poller

  /// Runs `load` against `target`. The first reply that is not what was expected ends the run.
  /// - Parameters:
  ///   - inFlight: requests on each connection that wait for their reply.
  ///   - interruption: checked between replies.
  package static func run(
    _ load: Load, on target: Target, clients: Int, inFlight: Int = 1, for length: RunLength,
    _ interruption: Interruption? = nil
  ) throws(LoadError) -> LoadResult {
    var run = try LoadRun(load, target, clients, inFlight, length, interruption)
    return try run.run()
  }

  private init(
    _ load: Load, _ target: Target, _ clients: Int, _ inFlight: Int, _ length: RunLength, _ interruption: Interruption?
  ) throws(LoadError) {
    self.load = load
    var channels: [Channel] = []
    for client in 0..<clients { channels.append(Channel(try target.connect(client: client), load.framing)) }
    self.channels = channels
    windows = channels.map { _ in InFlightWindow(inFlight) }
    result = LoadResult(kinds: load.kinds.map { _ in Latencies() })
    poller = Poller(channels.map(\.descriptor), interruption)
    switch length {
    case .requests(let count): last = count
    case .seconds(let seconds):
      last = Int.max
      deadline = monotonicNanoseconds() + Int(seconds * 1e9)
    }
  }

  private mutating func run() throws(LoadError) -> LoadResult {
    let start = monotonicNanoseconds()
    for client in channels.indices { try send(client) }
    while outstanding > 0 {
      try poller.wait()
      for client in channels.indices where poller.isReady(client) { try serve(client) }
    }
    result.nanoseconds = monotonicNanoseconds() - start
    return result
  }

  private mutating func serve(_ client: Int) throws(LoadError) {
    let channel = channels[client]
    if channel.isBlocked { try channel.flush() }
    var now = 0
    var free = 0
    _ = try channel.receive(received.bytes) { (reply) throws(LoadError) in
      if now == 0 { now = monotonicNanoseconds() }
      guard let (sentAt, kind) = windows[client].first else { throw .malformed("a reply that nobody asked for") }
      switch load.kinds[kind].verdict(on: reply) {
      case .accepted: break
      case .refused: throw .refused(Array(reply))
      case .question(let answer):
        channel.write { $0.append(contentsOf: answer) }
        return
      }
      windows[client].removeFirst()
      outstanding -= 1
      free += 1
      result.kinds[kind].record(now - sentAt)
    }
    if free > 0 { try send(client, now) } else { try channel.flush() }
    poller.wantsToSend(client, channel.isBlocked)
  }

  /// Sends as many requests as the client may have in flight.
  private mutating func send(_ client: Int, _ now: Int = monotonicNanoseconds()) throws(LoadError) {
    guard now < deadline else { return }
    let channel = channels[client]
    while !windows[client].isFull, issued < last {
      var kind = 0
      channel.write { kind = load.make(client, load.number, &$0) }
      load.number += 1
      // The clock is read for each, though they leave in one write: one reading would include the encoding of the others.
      windows[client].append(monotonicNanoseconds(), kind)
      issued += 1
      outstanding += 1
    }
    try channel.flush()
    poller.wantsToSend(client, channel.isBlocked)
  }
}
