// WAL checkpoints: the commit stage runs one after a batch is answered, and its outcome stands in health.

internal import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Used on the commit stage, between two transactions.
final class CheckpointStage: Sendable {
  private struct State {
    /// The last checkpoint failed, or another program kept frames from being moved.
    var isUnfinished = false
    /// How often everything that the WAL held was moved.
    var completions = 0
    /// A checkpoint that is tried again is not worth more than a tenth of the commit stage's time.
    var notBefore = SuspendingClock.now
  }

  private let ledger: Ledger
  private let health: HealthBoard
  private let progress: CommitProgress
  private let state = Mutex(State())

  init(ledger: Ledger, health: HealthBoard, progress: CommitProgress) {
    self.ledger = ledger
    self.health = health
    self.progress = progress
  }

  /// To be called after each batch, once its writes are completed.
  func batchIsAnswered() {
    if ledger.isCheckpointDue { run() }
  }

  /// How often everything that the WAL held was moved: frames that wait are younger than the last time.
  var completions: Int { state.withLock { $0.completions } }

  /// Whether `run` may now achieve what it could not before.
  var isWorthRetrying: Bool { state.withLock { $0.isUnfinished && SuspendingClock.now >= $0.notBefore } }

  /// Runs a checkpoint, and says in health what keeps it from being complete.
  func run() {
    progress.enter(.checkpointing)
    let start = SuspendingClock.now
    let result = Result { () throws(LedgerError) in try ledger.checkpoint() }
    let end = SuspendingClock.now
    progress.enter(.resting)
    state.withLock { $0.notBefore = end + (end - start) * 9 }
    switch result {
    case .failure(let error):
      finish(isUnfinished: true)
      // What became of the files stands in health by itself, and is not mended by another attempt.
      guard error.reason != .filesChanged else { return }
      health.raise(
        .checkpointFailed, error.message,
        remedy: "it is tried again by itself, and changes are safe meanwhile")
    case .success(let outcome):
      health.clear(.checkpointFailed)
      finish(isUnfinished: outcome.obstacle != nil)
      if outcome.waiting == 0 { state.withLock { $0.completions += 1 } }
      report(outcome)
    }
  }

  private func finish(isUnfinished: Bool) { state.withLock { $0.isUnfinished = isUnfinished } }

  private func report(_ outcome: CheckpointOutcome) {
    guard let obstacle = outcome.obstacle else { return health.clear(.walPinned) }
    let does =
      switch obstacle {
      case .reader: "reads an old snapshot"
      case .checkpoint: "holds the lock of WAL checkpoints"
      }
    health.raise(
      .walPinned,
      "\(obstacle.program) \(does), so that the write-ahead log \(ledger.path)-wal grows: \(outcome.waiting) pages wait",
      remedy: "have that program end its transaction, or end the program", by: obstacle.program.culprit)
  }
}

extension OtherProgram {
  /// As health names it; `nil` where the kernel does not say which process it is.
  var culprit: HealthReason.Culprit? { pid.map { HealthReason.Culprit(pid: $0, command: command ?? "") } }
}
