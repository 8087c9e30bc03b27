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
    let step: Step
    let since: SuspendingClock.Instant
  }

  // A clock that stands still while the machine sleeps: after the sleep nothing hangs.
  private let current = Mutex(Current(step: .resting, since: .now))

  /// Begins a step, which ends the one before. Some ten nanoseconds.
  func enter(_ step: Step) { current.withLock { $0 = Current(step: step, since: .now) } }

  /// Says that the current step goes on as it should: a row was written.
  func advance() { current.withLock { $0 = Current(step: $0.step, since: .now) } }

  /// The step that is under way, and how long nothing has been heard of it.
  var now: (step: Step, elapsed: Duration) { current.withLock { ($0.step, SuspendingClock.now - $0.since) } }
}
