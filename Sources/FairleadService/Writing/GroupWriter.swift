// The one writer: a bounded queue, a thread that records groups, and one that plans the next group meanwhile.

internal import DequeModule
// Dispatch does not say so, but its queues may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Takes tickets in the order in which they come.
///
/// Who comes alone is planned, recorded and answered by the recorder, and waits for nobody. What comes while a group is
/// recorded is planned meanwhile, on the heads that will stand once that group is durable; it is the next group. So groups
/// grow with the load. Where a group does not become durable, all that was planned on it goes back into the queue.
final class GroupWriter: Sendable {
  /// What the recorder does next.
  enum Work {
    case ticket(WriteTicket)
    case planned(PlannedGroup)
  }

  private struct State {
    var waiting: Deque<WriteTicket> = []
    /// Tickets that wait, and the bytes of their lines: those of `waiting`, and those of `ahead`.
    var count = 0
    var bytes = 0
    /// What is to be done between two groups.
    var errands: [@Sendable () -> Void] = []
    var isRecording = false
    var isPlanning = false
    /// The heads on which the next group is planned: those after the group that is being recorded. `nil` where that is not
    /// planned to its end, or where nothing may be planned.
    var nextHeads: CurrentState?
    /// The group that is planned next, and the one that the planner works on; the recorder takes the former.
    var ahead: PlannedGroup?
    var underway: PlannedGroup?
    /// Whether the planner is to leave what it does.
    var isStopping = false
    var recorderWaits = false
    var isClosed = false

    mutating func wait(for ticket: WriteTicket) {
      waiting.append(ticket)
      count += 1
      bytes += ticket.bytes
    }

    /// Tickets that wait no longer.
    mutating func drop(_ tickets: some Sequence<WriteTicket>) {
      for ticket in tickets {
        count -= 1
        bytes -= ticket.bytes
      }
    }
  }

  private let state = Mutex(State())
  private let recorder = DispatchQueue(label: "fairlead.recorder", qos: .userInitiated)
  private let planner = DispatchQueue(label: "fairlead.planner", qos: .userInitiated)
  /// Wakes the recorder where it waits for the planner.
  private let plannerMoved = DispatchSemaphore(value: 0)

  /// Queues a ticket. It is answered at once where the queue is full or the daemon stops.
  func submit(_ ticket: WriteTicket, to registry: Registry) {
    let refusal: Refusal? = state.withLock { state in
      guard !state.isClosed else {
        return Refusal(.unavailable, "cannot write: the daemon stops; nothing was recorded")
      }
      // One ticket fits an empty queue, however long its line is.
      let fits = state.count == 0 || state.bytes + ticket.bytes <= Limits.queuedBytes
      guard fits, state.count < Limits.queuedChanges else { return .queueIsFull(state.count) }
      state.wait(for: ticket)
      if state.isRecording { startPlanner(&state, registry) } else { startRecorder(&state, registry) }
      return nil
    }
    if let refusal { ticket.answer(.failure(refusal)) }
  }

  /// Runs `errand` on the recorder's thread between two groups, with nothing planned ahead. It takes no room from tickets.
  /// Answers whether it runs: not once the writer is closed.
  func betweenGroups(_ errand: @escaping @Sendable () -> Void, _ registry: Registry) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.errands.append(errand)
      startRecorder(&state, registry)
      return true
    }
  }

  /// Takes no more, ends what is queued, and waits for it.
  func close() {
    state.withLock { $0.isClosed = true }
    recorder.sync {}
  }

  // MARK: The recorder

  /// What is to be recorded next; `nil` ends the recorder's work, until a ticket comes.
  func next(_ registry: Registry) -> Work? {
    enum Step {
      case work(Work)
      case errands([@Sendable () -> Void])
      case wait, rest
    }
    while true {
      let step: Step = state.withLock { state in
        if !state.errands.isEmpty {
          defer { state.errands = [] }
          return .errands(state.errands)
        }
        if let ahead = state.ahead {
          state.ahead = nil
          state.drop(ahead.turn.tickets)
          // The planner ends it itself, after the ticket that it has in hand.
          if state.underway == nil { end(ahead, &state) } else { state.nextHeads = nil }
          startPlanner(&state, registry)
          return .work(.planned(ahead))
        }
        if state.isPlanning {
          state.recorderWaits = true
          return .wait
        }
        state.nextHeads = nil
        guard let ticket = state.waiting.popFirst() else {
          state.isRecording = false
          return .rest
        }
        state.drop(CollectionOfOne(ticket))
        return .work(.ticket(ticket))
      }
      switch step {
      case .work(let work): return work
      case .errands(let errands):
        // What is planned ahead does not know of them.
        takeBack(StaleGround(), recording: nil)
        registry.recent.forget()
        for errand in errands { errand() }
      case .wait: plannerMoved.wait()
      case .rest: return nil
      }
    }
  }

  /// Says that the recorder's own group is planned to its end, and what stands after it.
  func mayPlan(on heads: CurrentState, _ registry: Registry) {
    state.withLock { state in
      state.nextHeads = heads
      startPlanner(&state, registry)
    }
  }

  /// Ends all planning ahead, and puts what it took back into the queue. After this nobody plans but the recorder.
  func takeBack(_ cause: any Error, recording planned: PlannedGroup?) {
    let ahead = state.withLock { state in
      state.isStopping = true
      state.nextHeads = nil
      return state.ahead
    }
    planned?.tape.abandon(cause)
    ahead?.tape.abandon(cause)
    while true {
      let waits = state.withLock { state in
        state.recorderWaits = state.isPlanning
        return state.isPlanning
      }
      guard waits else { break }
      plannerMoved.wait()
    }
    state.withLock { state in
      for ticket in (state.ahead?.turn.tickets ?? []).reversed() { state.waiting.prepend(ticket) }
      state.ahead = nil
      state.underway = nil
      state.nextHeads = nil
      state.isStopping = false
    }
  }

  /// Everything that stands in the queue.
  func takeAll() -> [WriteTicket] {
    state.withLock { state in
      defer { state.waiting = [] }
      state.drop(state.waiting)
      return Array(state.waiting)
    }
  }

  // MARK: The planner

  /// The next ticket to be planned, and the group that it belongs to; `nil` ends the planner's work, until more comes.
  func nextToPlan(_ recent: RecentClusters) -> (WriteTicket, PlannedGroup)? {
    state.withLock { state in
      if let underway = state.underway, underway !== state.ahead { end(underway, &state) }
      state.underway = nil
      defer { wakeRecorder(&state) }
      guard !state.isStopping, canPlan(state), let ticket = state.waiting.popFirst() else {
        state.isPlanning = false
        return nil
      }
      let group = state.ahead ?? state.nextHeads.map { PlannedGroup(on: $0, recent: recent) }
      // `canPlan` has seen that there is one or the other.
      guard let group else { preconditionFailure("nothing to plan on") }
      group.turn.take(ticket)
      state.ahead = group
      state.underway = group
      return (ticket, group)
    }
  }

  /// Says that planning met what ends it; the recorder meets the same and clears up.
  func plannerGivesUp() {
    state.withLock { state in
      state.isPlanning = false
      wakeRecorder(&state)
    }
  }

  private func startRecorder(_ state: inout State, _ registry: Registry) {
    guard !state.isRecording else { return }
    state.isRecording = true
    recorder.async { registry.record() }
  }

  private func startPlanner(_ state: inout State, _ registry: Registry) {
    guard !state.isPlanning, !state.isStopping, !state.waiting.isEmpty, canPlan(state) else { return }
    state.isPlanning = true
    planner.async { registry.planAhead() }
  }

  private func canPlan(_ state: State) -> Bool {
    if let ahead = state.ahead { return ahead.turn.tickets.count < Limits.groupRequests }
    return state.nextHeads != nil
  }

  /// Ends a group that the recorder has taken: the next one stands on it.
  private func end(_ planned: PlannedGroup, _ state: inout State) {
    state.nextHeads = planned.group.heads
    planned.tape.end()
  }

  private func wakeRecorder(_ state: inout State) {
    guard state.recorderWaits else { return }
    state.recorderWaits = false
    plannerMoved.signal()
  }
}

extension Refusal {
  fileprivate static func queueIsFull(_ count: Int) -> Refusal {
    Refusal(
      .busy(retryAfterMs: Limits.busyRetryMs),
      "cannot take more changes: \(count) wait for their turn; nothing was recorded; try again in \(Limits.busyRetryMs) ms"
    )
  }
}

/// A group was planned on heads that are not those of the moment when it is recorded.
struct StaleGround: Error {}
