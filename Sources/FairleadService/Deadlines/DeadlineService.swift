// Submits the daemon's own writes when a deadline has passed, for a timer or for a dry run that meets one.

internal import FairleadModel
internal import FairleadStore

struct DeadlineService: Sendable {
  let ledger: Ledger
  let published: PublishedState
  let pipeline: CommitPipeline
  let clockSource: ClockSource
  /// The daemon itself.
  let system: Actor
  let incidents: IncidentLog

  /// Settles every registration that is due, and returns when the next one is; `nil` where none is pending.
  func settleDue() throws(Refusal) -> Timestamp? {
    while let next = nextSettle, next <= clocks.wall {
      switch try pipeline.perform(by: system, at: clocks, { .settle($0) }) {
      case .moreAreDue: break
      case .allSettled: return nextSettle
      }
    }
    return nextSettle
  }

  private var nextSettle: Timestamp? { published.state.nextSettle?.pending.dueAt }

  private var clocks: Clocks { clockSource.clocks(after: published.state.at) }

  /// Reverts everything whose deadline has passed, and returns the milliseconds until the next deadline; `nil` where nothing
  /// is pending.
  func revertDue() throws(Refusal) -> Int? {
    while let remaining = try nextConfirm() {
      guard remaining <= 0 else { return remaining }
      switch try pipeline.perform(by: system, at: clocks, { .revertDue($0) }) {
      case .allReverted: break
      case .someFailed: return DeadlineLimits.pollSeconds * 1000
      }
    }
    return nil
  }

  private func nextConfirm() throws(Refusal) -> Int? {
    try incidents.answering {
      let corrections = published.state.corrections
      return try ledger.read { try $0.nextConfirm(clocks, corrections: corrections)?.remaining }
    }
  }

  /// Runs `body`, a dry run, and again after each revert that it has to wait for: those of its own clusters. Others are left to
  /// the timer.
  func retryingAfterRevert<Value>(_ body: () throws -> Value) throws -> Value {
    while true {
      do {
        return try body()
      } catch let passed as DeadlinePassed {
        try pipeline.perform(by: system, at: clocks) { .revert(passed.key, $0) }
      }
    }
  }
}
