// One connection changes a cluster, many watch it: how long after the reply each of them receives the event.

internal import LinuxSupport
internal import Glibc

/// The result of a run with watchers. Times are in nanoseconds.
package struct WatchResult: Sendable {
  /// From the request of a change to its reply.
  package var change = Latencies()
  /// From the reply to the event at a watcher; an event that comes before the reply counts as 0.
  package var afterReply = Latencies()
  /// From the request to the event at a watcher.
  package var afterRequest = Latencies()
  /// From the reply to the event at the last watcher.
  package var last = Latencies()
  package var nanoseconds = 0

  package var eventsPerSecond: Double { Double(afterReply.count) * 1e9 / Double(max(1, nanoseconds)) }
}

package struct WatchRun {
  private let changer: Channel
  private let watchers: [Channel]
  private var poller: Poller
  private let received = ReceiveBuffer()
  private var result = WatchResult()

  /// Each change waits until every watcher has received the event of the one before. An event that is missing, duplicated or of
  /// another change ends the run.
  /// - Parameters:
  ///   - watch: the line by which each watcher asks for the changes of the cluster.
  ///   - change: the line that changes it.
  ///   - first: the number of the first change; one that repeats the change before it would record nothing.
  package static func run(
    watch: RequestTemplate, change: RequestTemplate, from first: Int, on target: Target, watchers: Int,
    for length: RunLength, _ interruption: Interruption? = nil
  ) throws(LoadError) -> WatchResult {
    var run = try WatchRun(target, watchers, interruption)
    try run.subscribe(watch)
    let start = monotonicNanoseconds()
    var number = 0
    while length.continues(after: number, since: start) {
      try run.once(change, first + number)
      number += 1
    }
    run.result.nanoseconds = monotonicNanoseconds() - start
    return run.result
  }

  private init(_ target: Target, _ count: Int, _ interruption: Interruption?) throws(LoadError) {
    changer = Channel(try target.connect(client: 0), .lines)
    var watchers: [Channel] = []
    for client in 0..<count { watchers.append(Channel(try target.connect(client: client), .lines)) }
    self.watchers = watchers
    poller = Poller([changer.descriptor] + watchers.map(\.descriptor), interruption)
  }

  /// Subscribes each watcher, and waits for each reply.
  private mutating func subscribe(_ watch: RequestTemplate) throws(LoadError) {
    for watcher in watchers {
      watcher.write { watch.append(0, to: &$0) }
      try watcher.flush()
    }
    var answered = 0
    while answered < watchers.count {
      try poller.wait()
      for (index, watcher) in watchers.enumerated() where poller.isReady(index + 1) {
        _ = try watcher.receive(received.bytes) { (line) throws(LoadError) in
          guard ReplyExpectation.result.verdict(on: line) == .accepted else { throw .refused(Array(line)) }
          answered += 1
        }
      }
    }
  }

  private mutating func once(_ change: RequestTemplate, _ number: Int) throws(LoadError) {
    changer.write { change.append(number, to: &$0) }
    let sentAt = monotonicNanoseconds()
    try changer.flush()
    var reply: (seq: Int, at: Int)?
    var events: [(seq: Int, at: Int)] = []
    var hasEvent = [Bool](repeating: false, count: watchers.count)
    while reply == nil || events.count < watchers.count {
      try poller.wait()
      // The changing connection first: where both have arrived, the reply is taken before the event is counted.
      if poller.isReady(0) {
        if changer.isBlocked { try changer.flush() }
        _ = try changer.receive(received.bytes) { (line) throws(LoadError) in
          guard ReplyExpectation.recorded.verdict(on: line) == .accepted, let seq = Self.seq(in: line) else {
            throw .refused(Array(line))
          }
          reply = (seq, monotonicNanoseconds())
        }
        poller.wantsToSend(0, changer.isBlocked)
      }
      for (index, watcher) in watchers.enumerated() where poller.isReady(index + 1) {
        _ = try watcher.receive(received.bytes) { (line) throws(LoadError) in
          guard line.firstRange(ofBytes: #""method":"change.event""#, within: 64) != nil, let seq = Self.seq(in: line)
          else { throw .refused(Array(line)) }
          guard !hasEvent[index] else { throw .misled("watcher \(index) heard of change \(seq) unexpectedly") }
          hasEvent[index] = true
          events.append((seq, monotonicNanoseconds()))
        }
      }
    }
    guard let reply else { return }
    try record(reply, events, sentAt)
  }

  private mutating func record(
    _ reply: (seq: Int, at: Int), _ events: [(seq: Int, at: Int)], _ sentAt: Int
  ) throws(LoadError) {
    result.change.record(reply.at - sentAt)
    for event in events {
      guard event.seq == reply.seq else {
        throw .misled("a watcher heard of change \(event.seq) where \(reply.seq) was made")
      }
      result.afterReply.record(event.at - reply.at)
      result.afterRequest.record(event.at - sentAt)
    }
    if let last = events.map(\.at).max() { result.last.record(last - reply.at) }
  }

  /// The number of the change in a reply or an event.
  private static func seq(in line: UnsafeRawBufferPointer) -> Int? {
    guard let start = line.firstRange(ofBytes: #""seq":"#, within: 160) else { return nil }
    let digits = line[(start + 6)...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

extension RunLength {
  /// Whether there is another request to make.
  func continues(after number: Int, since start: Int) -> Bool {
    switch self {
    case .requests(let count): number < count
    case .seconds(let seconds): monotonicNanoseconds() - start < Int(seconds * 1e9)
    }
  }
}
