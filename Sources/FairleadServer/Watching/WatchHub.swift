// Where changes meet their watchers: the writer publishes them, and the connections that watch are notified.

internal import FairleadModel
internal import NIOCore
internal import Synchronization

final class WatchHub: Sendable {
  /// Called on the loop, in turn, with the last change that is published.
  typealias Wakeup = @Sendable (_ lastSeq: Int) -> Void

  private struct State {
    var ring: EventRing
    var watches = 0
  }

  /// The connections with a watch, and how they take turns.
  private struct Followers {
    enum Phase {
      case idle
      case running
      /// The loop polls its channels, and then goes on.
      case paused
    }

    var wakeups: [ObjectIdentifier: Wakeup] = [:]
    var turns = WatchTurns<ObjectIdentifier>()
    var phase = Phase.idle
  }

  private let state: Mutex<State>
  private let loop: any EventLoop
  /// Whether watches get the change of this number: every one, but in the faulty daemon of the tests.
  private let showsToWatches: @Sendable (_ seq: Int) -> Bool
  /// Confined to the loop.
  private let followers: NIOLoopBoundBox<Followers>

  init(
    lastSeq: Int, loop: any EventLoop, showsToWatches: @escaping @Sendable (_ seq: Int) -> Bool = { _ in true }
  ) {
    state = Mutex(State(ring: EventRing(lastSeq: lastSeq)))
    self.loop = loop
    self.showsToWatches = showsToWatches
    followers = NIOLoopBoundBox.makeBoxSendingValue(Followers(), eventLoop: loop)
  }

  /// Takes the changes of a batch, once they are published. On the writer's thread, before it completes the batch's
  /// requests: a connection whose turn is at once has sent a change before its reply is there, and no reply has to wait.
  func publish(_ changes: [Change]) {
    // Encoded outside the lock, and not at all where nobody watches.
    let isWatched = state.withLock { $0.watches > 0 }
    let events = isWatched ? changes.map(Event.init) : []
    state.withLock { state in
      if isWatched {
        for event in events where showsToWatches(event.seq) { state.ring.append(event) }
      } else {
        state.ring.skip(to: changes.last?.seq ?? state.ring.lastSeq)
      }
    }
    if isWatched { loop.execute { self.wakeAll() } }
  }

  /// Says that changes up to this one are published which another program wrote into the log: watches read them there. On the
  /// writer's thread.
  func skip(to seq: Int) {
    state.withLock { $0.ring.skip(to: seq) }
    loop.execute { self.wakeAll() }
  }

  /// The last change that was published.
  var lastSeq: Int { state.withLock { $0.ring.lastSeq } }

  /// The changes after change `seq`.
  func events(after seq: Int) -> EventRing.Events { state.withLock { $0.ring.events(after: seq) } }

  // MARK: On the loop

  /// Counts a new watch; `false` where there are too many.
  func addWatch() -> Bool {
    state.withLock { state in
      guard state.watches < Limits.watches else { return false }
      state.watches += 1
      return true
    }
  }

  func removeWatches(_ count: Int) { state.withLock { $0.watches -= count } }

  /// Has `wakeup` called after each batch; `nil` ends that.
  func setWakeup(for connection: ObjectIdentifier, _ wakeup: Wakeup?) {
    followers.value.wakeups[connection] = wakeup
    if wakeup == nil { followers.value.turns.remove(connection) }
  }

  /// Has a connection's wakeup called once more, when the others had their turn.
  func requestTurn(for connection: ObjectIdentifier) {
    guard followers.value.wakeups[connection] != nil else { return }
    followers.value.turns.add(connection)
    if case .idle = followers.value.phase { pause() }
  }

  private func wakeAll() {
    for connection in followers.value.wakeups.keys { followers.value.turns.add(connection) }
    if case .idle = followers.value.phase { runTurns() }
  }

  /// Gives turns for some hundred microseconds. Then the loop polls its channels, so that no request waits for all events
  /// of all watches.
  private func runTurns() {
    followers.value.phase = .running
    let end = NIODeadline.now() + .microseconds(ServerLimits.watchTurnsMicroseconds)
    while let connection = followers.value.turns.next() {
      followers.value.wakeups[connection]?(lastSeq)
      if NIODeadline.now() >= end { break }
    }
    followers.value.phase = .idle
    if !followers.value.turns.isEmpty { pause() }
  }

  private func pause() {
    followers.value.phase = .paused
    // Not `execute`: the loop polls only once no task is due.
    loop.scheduleTask(in: .microseconds(ServerLimits.pollMicroseconds)) { self.runTurns() }
  }
}
