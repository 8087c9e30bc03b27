// The states of the commit queue.

internal import FairleadStore

extension CommitQueue {
  /// What the whole queue is doing.
  enum State {
    /// No stage runs. Nothing waits.
    case idle
    case committing(Preparation)
    /// No write is accepted any more; those in the queue are committed.
    case draining(Preparation)
    case closed
  }

  /// What the prepare stage is doing while the commit stage runs.
  enum Preparation {
    /// Nothing: the current batch is not prepared to its end, or what was prepared on it has been put back into the queue.
    case blocked
    /// Nothing, since no write waits. The next batch can be prepared on this state.
    case ready(on: CurrentState)
    /// It is preparing a write of the next batch.
    case running(NextBatch)
    /// It rests: the next batch is full, or no write waits. The state is the one after that batch.
    case paused(NextBatch, stateAfter: CurrentState)
    /// It is preparing the last write of a batch that the commit stage has taken already.
    case finishing(PreparedBatch)
    /// It is preparing a write, and leaves after it: the commit stage waits for that, and discards the next batch, if any.
    case discarding(NextBatch?)
  }
}
