// What the commit stage is doing at this moment and since when, for whoever watches that it does not hang.

internal import Synchronization

final class CommitProgress: Sendable {
  enum Step: Sendable, Hashable {
    /// No batch is under way.
    case resting
    /// It waits for SQLite's write lock.
    case waitingForLock
    /// It prepares the batch, or executes its SQL.
    case writing
    /// COMMIT: it writes the WAL and waits for the disk.
    case syncing
    /// It moves pages from the WAL into the database file.
    case checkpointing
    /// It overwrites a commit that failed.
    case overwriting
  }

  struct Current: Sendable {
    var step: Step
    var since: SuspendingClock.Instant
    /// Rows that the batch has written.
    var rows = 0
  }

  // A clock that stands still while the machine sleeps: after the sleep nothing hangs.
  private let current = Mutex(Current(step: .resting, since: .now))

  /// Begins a step, which ends the one before. Some ten nanoseconds.
  func enter(_ step: Step) {
    current.withLock { current in
      if step == .writing { current.rows = 0 }
      (current.step, current.since) = (step, .now)
    }
  }

  /// Says that the current step goes on as it should: a row was written.
  func advance() {
    current.withLock { current in
      current.rows += 1
      current.since = .now
    }
  }

  /// The step that is under way, how long nothing has been heard of it, and how many rows its batch has written.
  var now: (step: Step, elapsed: Duration, rows: Int) {
    current.withLock { ($0.step, SuspendingClock.now - $0.since, $0.rows) }
  }
}
