// Where changes meet their watchers: the writer publishes them, and the connections that watch are notified.

internal import FairleadModel
internal import FairleadService
internal import NIOCore
internal import Synchronization

final class WatchHub: Sendable {
  /// Called on the loop with the last change of each batch.
  typealias Wakeup = @Sendable (_ lastSeq: Int) -> Void

  private struct State {
    var ring: EventRing
    var watches = 0
  }

  private let state: Mutex<State>
  private let loop: any EventLoop
  /// Whether watches get the change of this number: every one, but in the faulty daemon of the tests.
  private let showsToWatches: @Sendable (_ seq: Int) -> Bool
  /// The connections with a watch. Confined to the loop.
  private let wakeups: NIOLoopBoundBox<[ObjectIdentifier: Wakeup]>

  init(
    lastSeq: Int, loop: any EventLoop, showsToWatches: @escaping @Sendable (_ seq: Int) -> Bool = { _ in true }
  ) {
    state = Mutex(State(ring: EventRing(lastSeq: lastSeq)))
    self.loop = loop
    self.showsToWatches = showsToWatches
    wakeups = NIOLoopBoundBox.makeBoxSendingValue([:], eventLoop: loop)
  }

  /// Takes the changes of a batch, once they are published. On the writer's thread, before it completes the batch's
  /// requests: the loop runs what it is given in order, so a connection's watches send a change before its reply.
  func publish(_ changes: [Change]) {
    // Encoded outside the lock, and not at all where nobody watches.
    let isWatched = state.withLock { $0.watches > 0 }
    let events = isWatched ? changes.map(Event.init) : []
    let lastSeq = state.withLock { state in
      if isWatched {
        for event in events where showsToWatches(event.seq) { state.ring.append(event) }
      } else {
        state.ring.skip(to: changes.last?.seq ?? state.ring.lastSeq)
      }
      return state.ring.lastSeq
    }
    if isWatched { loop.execute { for wakeup in self.wakeups.value.values { wakeup(lastSeq) } } }
  }

  /// Says that changes up to this one are published which another program wrote into the log: watches read them there. On the
  /// writer's thread.
  func skip(to seq: Int) {
    state.withLock { $0.ring.skip(to: seq) }
    loop.execute { for wakeup in self.wakeups.value.values { wakeup(seq) } }
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
  func setWakeup(for connection: ObjectIdentifier, _ wakeup: Wakeup?) { wakeups.value[connection] = wakeup }
}
