// A connection as a value: events in, actions out, without a channel, a thread or a clock.

internal import FairleadModel
internal import NIOCore

/// Decides what a connection does next. `ConnectionHandler` reports what has happened, and carries out one action after
/// another until there is none.
///
/// An event that the state cannot have is a defect. It closes this connection, whose replies may be out of order by then,
/// and costs no other connection anything.
struct ConnectionStateMachine {
  private var phase = Phase.inactive
  private var pass = Pass.none
  private var loopYield = LoopYield.none
  private var watchTurn = WatchTurn.none
  private var reading = Reading.none
  private var peer = Peer.takesReplies
  private var output = Output.flushed
  private var input = ConnectionInput()
  private var requests = ConnectionRequests()
  private var watches = ConnectionWatches()

  // MARK: Actions

  /// Begins to carry out actions; `false` where that is under way already.
  mutating func beginPass() -> Bool {
    guard case .none = pass else { return false }
    pass = .running(
      PassBudget(
        starts: ServerLimits.requestsPerPass, replyBytes: ServerLimits.replyBytesPerPass,
        watchUnits: ServerLimits.watchTurnUnits))
    return true
  }

  /// What to do now; `nil` ends the pass.
  mutating func nextAction() -> ConnectionAction? {
    switch phase {
    case .active: if let action = sendNext() ?? startNext() ?? flush() ?? close() ?? read() { return action }
    case .failed:
      phase = .closing
      return .closeNow
    case .inactive, .closing, .closed: break
    }
    pass = .none
    return nil
  }

  /// The next reply or event that may go out.
  private mutating func sendNext() -> ConnectionAction? {
    while let (line, begun) = requests.nextReply(behind: watches) {
      watches.begin(begun)
      guard let line else { continue }
      output = .unflushed
      return .send(line)
    }
    if watches.mustFollow {
      watches.follow()
      return .followHub
    }
    guard isWritable else { return nil }
    if let (watch, events) = watches.takeHistory() {
      output = .unflushed
      return .sendHistory(events, to: watch)
    }
    guard case .none = watchTurn, case .running(let left) = pass, let watch = watches.firstBehind else { return nil }
    guard left.watchUnits > 0 else {
      watchTurn = .requested
      return .requestTurn
    }
    output = .unflushed
    return .sendEvents(to: watch, units: left.watchUnits)
  }

  /// The next line or request, unless it has to wait.
  private mutating func startNext() -> ConnectionAction? {
    while isWritable, requests.canStart(from: input), case .running(let left) = pass {
      guard left.replyBytes > 0 else { return yield(.yieldToPoll) }
      guard left.starts > 0 else { return yield(.yieldToLoop) }
      spend { $0.starts -= 1 }
      if let action = requests.start(from: &input) {
        if case .refuseInput = action { output = .unflushed }
        return action
      }
      // The request came with its reply.
      if let action = sendNext() { return action }
    }
    return nil
  }

  private mutating func yield(_ action: ConnectionAction) -> ConnectionAction? {
    guard case .none = loopYield else { return nil }
    loopYield = .scheduled
    return action
  }

  /// Takes from what the pass that runs may still do.
  private mutating func spend(_ body: (inout PassBudget) -> Void) {
    guard case .running(var left) = pass else { return }
    body(&left)
    pass = .running(left)
  }

  private mutating func flush() -> ConnectionAction? {
    guard case .unflushed = output else { return nil }
    output = .flushed
    return .flush
  }

  private mutating func close() -> ConnectionAction? {
    guard input.isExhausted, requests.isDone, watches.isEmpty else { return nil }
    phase = .closing
    return .closeAfterReplies
  }

  private mutating func read() -> ConnectionAction? {
    guard case .none = reading, input.wantsRead(isWritable: isWritable) else { return nil }
    reading = .requested
    return .read
  }

  private var isWritable: Bool {
    if case .takesReplies = peer { true } else { false }
  }

  // MARK: Events of the channel

  mutating func activated() {
    guard case .inactive = phase else { return fail() }
    phase = .active
  }

  mutating func received(_ buffer: ByteBuffer) { input.received(buffer) }

  /// The channel has handed over what it read. Returns `.read` where more is wanted at once: otherwise NIO would stop
  /// listening to the descriptor and start again, with a system call for each.
  mutating func readCompleted() -> ConnectionAction? {
    reading = .none
    guard case .active = phase else { return nil }
    return read()
  }

  /// The peer sends nothing more.
  mutating func inputEnded() { input.ended() }

  /// The peer has had time to read why its line was refused.
  mutating func discardDeadlinePassed() { input.discardDeadlinePassed() }

  /// The connection holds more memory than any other, so many bytes, and all together hold too much. What it has sent and is
  /// not begun is refused, and the connection ends; at once, where the peer takes no reply. Returns how many watches have ended.
  mutating func putOff(holding bytes: Int) -> Int {
    guard isWritable else {
      fail()
      return 0
    }
    input.putOff(.overBudget(bytes: bytes))
    requests.putOff(.overBudget(bytes: bytes))
    return watches.end()
  }

  /// Bytes that the daemon keeps for this connection, without what the channel has yet to write.
  var heldBytes: Int { input.heldBytes + requests.heldBytes + watches.heldBytes }

  /// Whether the channel has more to write than the peer takes.
  var peerLagsBehind: Bool { !isWritable }

  mutating func writabilityChanged(isWritable: Bool) { peer = isWritable ? .takesReplies : .lagsBehind }

  /// The loop has come back to this connection.
  mutating func yieldEnded() {
    guard case .scheduled = loopYield else { return fail() }
    loopYield = .none
  }

  /// The daemon stops: what has been received is answered, then the connection ends. Returns how many watches have ended.
  mutating func drain() -> Int {
    input.stop()
    return watches.end()
  }

  /// The channel is gone; completions from workers and the registry are dropped. Returns how many watches have ended.
  mutating func closed() -> Int {
    phase = .closed
    return drain()
  }

  // MARK: Events of requests

  mutating func decoded(_ line: DecodedLine) {
    if !requests.decoded(line) { fail() }
  }

  /// A request other than a change has its reply. The watch that it opens begins once the reply is out.
  mutating func answered(_ slot: Int, with line: [UInt8]?, opening watches: [Watch] = []) {
    spend { $0.replyBytes -= line?.count ?? 0 }
    if !requests.answered(slot, with: Replies.Reply(line: line, watches: watches)) { fail() }
  }

  /// A change has its reply. `seq` is its number where it was recorded.
  mutating func changeCompleted(_ slot: Int, with line: [UInt8]?, seq: Int?) {
    if !requests.changeCompleted(slot, with: Replies.Reply(line: line, seq: seq)) { fail() }
  }

  // MARK: Events of watches

  var hasRoomForWatch: Bool { watches.hasRoom }

  /// A watch for a reply that is about to be given; the hub counts it already.
  mutating func openWatch(_ filter: WatchFilter, after seq: Int) -> Watch { watches.open(filter, after: seq) }

  /// The hub has the changes through `seq`.
  mutating func published(through seq: Int) { watches.published(through: seq) }

  /// The hub has come to this connection.
  mutating func turnBegan() { watchTurn = .none }

  /// A watch has sent, or passed over, the changes through `seq`, and has spent so many units of the turn.
  mutating func sentEvents(_ subscription: Int, through seq: Int, spending units: Int) {
    spend { $0.watchUnits -= units }
    if !watches.sent(subscription, through: seq) { fail() }
  }

  /// A watch needs a page of the log. Returns whether it is to be read now: a connection has one in hand.
  mutating func needsHistory(_ subscription: Int) -> Bool {
    guard let isNow = watches.needsHistory(subscription) else {
      fail()
      return false
    }
    return isNow
  }

  /// The page is here. It covers the changes through `seq`.
  mutating func historyRead(_ subscription: Int, _ events: [Event], through seq: Int) {
    if !watches.historyRead(subscription, events, through: seq) { fail() }
  }

  private mutating func fail() {
    if case .active = phase { phase = .failed }
  }
}
