// What the commit stage does where it commits nothing: it refuses writes, tries again what failed, and looks for changes of other
// programs.

internal import FairleadModel
internal import FairleadStore

extension CommitPipeline {
  /// Whether something failed on the commit stage that may work now.
  var isWorthRetrying: Bool { recovery.hasFailure || checkpoints.isWorthRetrying }

  /// Has the commit stage do that once it rests, and then calls `completion`. While it works without a pause, its batches find out
  /// by themselves.
  func retryBetweenBatches(_ completion: @escaping @Sendable () -> Void) {
    whenResting {
      // By shared memory of an older state, a commit would be written over those that were acknowledged since.
      if self.recovery.hasFailure, !self.isDamaged { self.recovery.retry() }
      self.lookForForeignCommits()
      // Last: no checkpoint runs once damage is known.
      if self.checkpoints.isWorthRetrying { self.checkpoints.run() }
      completion()
    }
  }

  /// Notices what another program has committed: it publishes what that wrote into the log, so that readers and watches do not wait
  /// for the next change of this one, and has its rows and triggers looked at. A log that ends earlier than it did is damage,
  /// which is known without the write lock that another program may hold.
  private func lookForForeignCommits() {
    do {
      try foreignCommits.look(in: ledger)
      let (lastSeq, recorded) = (try ledger.lastSeq(), published.state.seq)
      guard lastSeq != recorded else { return }
      guard lastSeq > recorded else {
        guard !isDamaged else { return }
        throw LedgerError.shortLog(endingWith: lastSeq, recorded: recorded)
      }
      try run(CommitBatch(writes: [], preparation: .hereWithSavepoints))
    } catch {
      // Nobody waits for an answer; what is wrong stands in health.
      _ = recovery.refusal(for: error)
    }
  }

  /// Whether damage is known, which lasts until a restart.
  private var isDamaged: Bool { ledger.health.reason(.corrupt) != nil }

  func refuse(_ writes: [PendingWrite], _ error: any Error) {
    let refusal = recovery.refusal(for: error)
    for write in writes { write.refuse(refusal) }
  }
}
