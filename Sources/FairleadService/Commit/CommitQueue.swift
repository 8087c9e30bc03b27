// The commit queue as a value: which writes wait, what the two stages are doing, and what each of them does next.

internal import FairleadStore

/// The **commit stage** has the write transaction; the **prepare stage** prepares the next batch while the commit stage commits
/// the current one. Each event returns what is to be done; nothing here waits, locks or does I/O. `CommitPipeline` guards the
/// value with a lock and carries its actions out.
///
/// A write that finds the queue idle is prepared and committed by the commit stage, with no hand-off between threads. Writes
/// that arrive during a commit are prepared on the state that the commit will leave. They form the next batch, so batches grow
/// with the load. If the current batch is not committed, every write that was prepared on it goes back into the queue.
struct CommitQueue {
  private let limits: CommitLimits
  private var state = State.idle
  private var waiting = WaitingWrites()
  private var barriers: [@Sendable () -> Void] = []
  /// The bytes of the writes that wait, in a next batch or before it.
  private var bytes = 0
  /// What the commit stage has in hand.
  private var inCommit = (bytes: 0, changes: 0)

  init(limits: CommitLimits = CommitLimits()) { self.limits = limits }

  /// Writes that wait, in a next batch or before it.
  var count: Int { waiting.count + (nextBatch?.writes.count ?? 0) }

  // MARK: Events from callers

  /// A write arrives.
  mutating func submit(_ write: PendingWrite) -> Admission {
    guard acceptsWrites else { return .refused(.closed) }
    let count = count
    // One write fits into an empty queue, however long its line is.
    let fits = count == 0 || bytes + inCommit.bytes + write.bytes <= limits.queuedBytes
    guard fits, count < limits.queuedWrites else { return .refused(.full(count)) }
    waiting.append(write)
    bytes += write.bytes
    return .accepted(start: startCommitStage() ?? resumePreparation())
  }

  /// Work arrives that is to run between two batches, with nothing prepared, before the writes that wait, whose room it leaves.
  mutating func addBarrier(_ work: @escaping @Sendable () -> Void) -> Admission {
    guard acceptsWrites else { return .refused(.closed) }
    guard barriers.count < limits.barriers else { return .refused(.full(barriers.count)) }
    barriers.append(work)
    return .accepted(start: startCommitStage())
  }

  /// No more is accepted.
  mutating func close() {
    switch state {
    case .idle: state = .closed
    case .committing(let preparation): state = .draining(preparation)
    case .draining, .closed: break
    }
  }

  // MARK: Events from the commit stage

  /// It is preparing nothing.
  mutating func nextForCommit() -> CommitStep {
    inCommit = (0, 0)
    if !barriers.isEmpty {
      defer { barriers = [] }
      return .runExclusively(barriers)
    }
    switch takePreparation() {
    case .blocked, .ready:
      guard let write = waiting.popFirst() else {
        rest()
        return .rest
      }
      take(write.bytes, write.changes)
      return .prepareAndCommit(write)
    case .running(let next):
      take(next.bytes, next.changes)
      preparation = .finishing(next.batch)
      return .commitUnfinished(next)
    case .paused(let next, let stateAfter):
      take(next.bytes, next.changes)
      return .commitComplete(next, prepare: beginNextBatch(on: stateAfter))
    case .finishing, .discarding: preconditionFailure("the commit stage has a batch in hand")
    }
  }

  /// It has prepared its own batch to the end; `stateAfter` is the state that its commit will leave.
  mutating func currentBatchIsPrepared(stateAfter: CurrentState) -> Start? {
    guard case .blocked = takePreparation() else { preconditionFailure("the prepare stage has prepared this batch") }
    return beginNextBatch(on: stateAfter).map(Start.prepareStage)
  }

  /// Its batch is not committed, or a barrier comes: all that is prepared goes back into the queue, in its order.
  mutating func discardPrepared() -> DiscardStep {
    switch takePreparation() {
    case .blocked, .ready: return .done
    case .paused(let next, _):
      waiting.putBack(next.writes)
      return .done
    case .running(let next):
      preparation = .discarding(next)
      return .waitForPrepareStage(cancel: next.batch)
    case .finishing(let current):
      preparation = .discarding(nil)
      return .waitForPrepareStage(cancel: current)
    case .discarding: preconditionFailure("the commit stage is discarding already")
    }
  }

  /// The database cannot be written: takes every write out of the queue, to be refused. Nothing may be prepared.
  mutating func takeWaiting() -> [PendingWrite] {
    guard case .blocked = preparation else { preconditionFailure("what is prepared is discarded first") }
    let writes = waiting.removeAll()
    bytes -= writes.reduce(0) { $0 + $1.bytes }
    return writes
  }

  // MARK: Events from the prepare stage

  /// It has prepared its write; `stateAfter` is the state after it, asked for once a batch and not for each write.
  mutating func entryIsPrepared(stateAfter: @autoclosure () -> CurrentState) -> PrepareStep {
    switch takePreparation() {
    case .running(var next):
      guard let write = waiting.popFirst(within: room(in: next)) else {
        preparation = .paused(next, stateAfter: stateAfter())
        return .rest
      }
      return .prepare(extend(&next, with: write))
    case .finishing(let current): return .close(current, prepare: beginNextBatch(on: stateAfter()))
    case .discarding(let next): return discard(next)
    case .blocked, .ready, .paused: preconditionFailure("the prepare stage has no write in hand")
    }
  }

  /// It gave up, since the batch of the write that it was preparing is aborted: its channel has been cancelled, by the commit
  /// stage or by a read that ended the transaction. In both cases the commit stage meets the error in `drain`, and discards
  /// the rest.
  mutating func entryIsAborted() -> PrepareStep {
    switch takePreparation() {
    case .running(let next):
      waiting.putBack(next.writes)
      return .rest
    case .finishing: return .rest
    case .discarding(let next): return discard(next)
    case .blocked, .ready, .paused: preconditionFailure("the prepare stage has no write in hand")
    }
  }

  // MARK: Transitions

  private var acceptsWrites: Bool {
    switch state {
    case .idle, .committing: true
    case .draining, .closed: false
    }
  }

  private var preparation: Preparation {
    get {
      switch state {
      case .committing(let preparation), .draining(let preparation): preparation
      case .idle, .closed: .blocked
      }
    }
    set {
      switch state {
      case .committing: state = .committing(newValue)
      case .draining: state = .draining(newValue)
      case .idle, .closed: preconditionFailure("no stage runs")
      }
    }
  }

  private var nextBatch: NextBatch? {
    switch preparation {
    case .running(let next), .paused(let next, _): next
    case .discarding(let next): next
    case .blocked, .ready, .finishing: nil
    }
  }

  /// The commit stage takes writes of so many bytes and changes.
  private mutating func take(_ bytes: Int, _ changes: Int) {
    self.bytes -= bytes
    inCommit = (bytes, changes)
  }

  private func room(in next: NextBatch) -> Int {
    limits.batchLimit(inHand: inCommit.changes + next.changes + waiting.count) - next.changes
  }

  /// Leaves `.blocked` behind. So the caller is the only owner of a batch's array, and appends to it without a copy.
  private mutating func takePreparation() -> Preparation {
    defer { preparation = .blocked }
    return preparation
  }

  private mutating func startCommitStage() -> Start? {
    guard case .idle = state else { return nil }
    state = .committing(.blocked)
    return .commitStage
  }

  private mutating func rest() {
    switch state {
    case .committing: state = .idle
    case .draining: state = .closed
    case .idle, .closed: preconditionFailure("no stage runs")
    }
  }

  /// Begins a batch with the first write that waits, or remembers that one can be begun.
  private mutating func beginNextBatch(on state: CurrentState) -> Entry? {
    guard let write = waiting.popFirst() else {
      preparation = .ready(on: state)
      return nil
    }
    var next = NextBatch(batch: PreparedBatch(on: state))
    return extend(&next, with: write)
  }

  /// Has the prepare stage continue if it rests because there were no writes.
  private mutating func resumePreparation() -> Start? {
    guard canResume else { return nil }
    switch takePreparation() {
    case .ready(let state): return beginNextBatch(on: state).map(Start.prepareStage)
    case .paused(var next, _):
      return waiting.popFirst(within: room(in: next)).map { .prepareStage(extend(&next, with: $0)) }
    case .blocked, .running, .finishing, .discarding: return nil
    }
  }

  private var canResume: Bool {
    switch preparation {
    case .ready: true
    case .paused(let next, _): waiting.hasNext(within: room(in: next))
    case .blocked, .running, .finishing, .discarding: false
    }
  }

  private mutating func extend(_ next: inout NextBatch, with write: PendingWrite) -> Entry {
    next.append(write)
    preparation = .running(next)
    return Entry(write: write, batch: next.batch)
  }

  private mutating func discard(_ next: NextBatch?) -> PrepareStep {
    if let next { waiting.putBack(next.writes) }
    return .restAndWakeCommitStage
  }
}
