// Where changes meet their watchers: the writer puts them in, and rings the connections that watch.

internal import FairleadModel
internal import FairleadService
internal import NIOCore
internal import Synchronization

final class WatchHub: Sendable {
  private struct State {
    var ring: EventRing
    var watches = 0
  }

  private let state: Mutex<State>
  private let mailbox: Mailbox
  private let fault: InjectedFault?
  /// The connections with a watch. Confined to the loop.
  private let bells: NIOLoopBoundBox<[ObjectIdentifier: @Sendable () -> Void]>

  init(head: Int, mailbox: Mailbox, loop: any EventLoop, fault: InjectedFault?) {
    state = Mutex(State(ring: EventRing(head: head)))
    self.mailbox = mailbox
    self.fault = fault
    bells = NIOLoopBoundBox.makeBoxSendingValue([:], eventLoop: loop)
  }

  /// Takes the changes of a group, once they are published. On the writer's thread.
  func publish(_ changes: [Change]) {
    // Encoded outside the lock, and not at all where nobody watches.
    let isWatched = state.withLock { $0.watches > 0 }
    let events = isWatched ? changes.map(Event.init) : []
    state.withLock { state in
      guard isWatched else {
        state.ring.skip(to: changes.last?.seq ?? state.ring.head)
        return
      }
      for event in events where fault != .skipsWatchedChange || event.seq % 5 != 0 { state.ring.append(event) }
    }
    if isWatched { mailbox.post { for bell in self.bells.value.values { bell() } } }
  }

  /// What there is behind change `seq`.
  func look(after seq: Int) -> EventRing.Look { state.withLock { $0.ring.look(after: seq) } }

  // MARK: On the loop

  /// Counts a new watch; `false` where there are too many.
  func open() -> Bool {
    state.withLock { state in
      guard state.watches < Limits.watches else { return false }
      state.watches += 1
      return true
    }
  }

  func close(_ count: Int) { state.withLock { $0.watches -= count } }

  /// Has `bell` rung with each group, until it is taken away with `nil`.
  func set(_ bell: (@Sendable () -> Void)?, for handler: ConnectionHandler) {
    bells.value[ObjectIdentifier(handler)] = bell
  }
}
