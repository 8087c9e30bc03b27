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
      if self.recovery.hasFailure { self.recovery.retry() }
      if self.checkpoints.isWorthRetrying { self.checkpoints.run() }
      self.lookForForeignCommits()
      completion()
    }
  }

  /// Notices what another program has committed: it publishes what that wrote into the log, so that readers and watches do not wait
  /// for the next change of this one, and has its rows and triggers looked at.
  private func lookForForeignCommits() {
    do {
      try foreignCommits.look(in: ledger)
      guard try ledger.read({ try $0.logEnd().seq }) != published.state.seq else { return }
      try run(CommitBatch(writes: [], preparation: .hereWithSavepoints))
    } catch {
      // Nobody waits for an answer; what is wrong stands in health.
      _ = recovery.refusal(for: error)
    }
  }

  func refuse(_ writes: [PendingWrite], _ error: any Error) {
    let refusal = recovery.refusal(for: error)
    for write in writes { write.refuse(refusal) }
  }
}
