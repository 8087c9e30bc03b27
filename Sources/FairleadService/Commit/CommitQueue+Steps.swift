// What the commit queue returns for each event: the next step of the stage that asks, or why a write is refused.

internal import FairleadModel

extension CommitQueue {
  /// A batch of the prepare stage, with the writes that it is for.
  struct NextBatch {
    let batch: PreparedBatch
    private(set) var writes: [PendingWrite] = []
    private(set) var bytes = 0
    private(set) var changes = 0

    init(batch: PreparedBatch) { self.batch = batch }

    mutating func append(_ write: PendingWrite) {
      writes.append(write)
      bytes += write.bytes
      changes += write.changes
    }
  }

  /// A write for the prepare stage, and the batch that it belongs to.
  struct Entry {
    let write: PendingWrite
    let batch: PreparedBatch
  }

  /// A stage that rests and is to be started.
  enum Start {
    case commitStage
    case prepareStage(Entry)
  }

  enum Admission {
    case accepted(start: Start?)
    case refused(Rejection)
  }

  enum Rejection: Equatable {
    /// There is no room for its line beside those of the writes that wait, of which there are so many.
    case full(Int)
    case closed
  }

  /// What the commit stage does next.
  enum CommitStep {
    /// Discard what is prepared, and run these between two batches.
    case runExclusively([@Sendable () -> Void])
    /// Prepare this write, for which the prepare stage has done nothing, and commit it.
    case prepareAndCommit(PendingWrite)
    /// Close this batch's channel and commit it. The prepare stage begins the next batch with `prepare`.
    case commitComplete(NextBatch, prepare: Entry?)
    /// Commit this batch while the prepare stage is still preparing its last write, and closes its channel after that.
    case commitUnfinished(NextBatch)
    case rest
  }

  enum DiscardStep {
    /// Everything is back in the queue.
    case done
    /// Cancel the channel of this batch, whose write the prepare stage is preparing, and wait until that stage has left.
    case waitForPrepareStage(cancel: PreparedBatch)
  }

  /// What the prepare stage does next.
  enum PrepareStep {
    case prepare(Entry)
    /// Close this batch's channel: the commit stage has taken it. Then continue with `prepare`, or rest.
    case close(PreparedBatch, prepare: Entry?)
    case rest
    /// Rest, and wake the commit stage, which waits for that in order to discard.
    case restAndWakeCommitStage
  }
}

extension CommitQueue.Rejection {
  var refusal: Refusal {
    switch self {
    case .closed: Refusal(.unavailable, "cannot write: the daemon stops; nothing was recorded")
    case .full(let count):
      Refusal(
        .busy(retryAfterMs: Limits.busyRetryMs),
        "cannot take more changes: \(count) wait for their turn; nothing was recorded; try again in \(Limits.busyRetryMs) ms"
      )
    }
  }
}
