// The daemon's own WAL checkpoints: on the connection that writes, after a commit, and never beside one.

internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// What a WAL checkpoint left behind.
package struct CheckpointOutcome: Sendable, Hashable {
  /// Frames that are not in the database file yet.
  package let waiting: Int
  /// Another program that keeps them from being moved.
  package let obstacle: WALObstacle?
}

/// SQLite's automatic checkpoint runs inside COMMIT, where every client of the batch waits for it, and its failure is reported
/// to nobody. These run when the batch is answered.
///
/// Used by the thread that writes alone: before SQLite 3.51.3, two connections of which one writes and the other runs a WAL
/// checkpoint at the same moment may corrupt the file (the WAL-reset bug, https://sqlite.org/wal.html).
final class Checkpointer: Sendable {
  private let index: WALIndex
  private let reads: ReadsUnderWay
  private let schedule: Mutex<CheckpointSchedule>
  /// Milliseconds that the connection waits for another program otherwise.
  private let busyMilliseconds: CInt
  /// Milliseconds that the checkpoint of the end waits for it.
  private let finishMilliseconds: CInt

  init(
    index: WALIndex, reads: ReadsUnderWay, schedule: CheckpointSchedule, busyMilliseconds: CInt,
    finishMilliseconds: CInt
  ) {
    self.index = index
    self.reads = reads
    self.schedule = Mutex(schedule)
    self.busyMilliseconds = busyMilliseconds
    self.finishMilliseconds = finishMilliseconds
  }

  /// Whether the WAL has grown so far that a checkpoint is due. Costs a microsecond.
  func isDue() -> Bool {
    guard let frames = index.frames() else { return false }
    return schedule.withLock { $0.isCheckpointDue(frames) }
  }

  /// Runs a checkpoint, and begins the WAL anew where it is too long. Throws SQLite's error; that something is left is none.
  func run(on database: Database) throws -> CheckpointOutcome {
    guard let before = index.frames() else { return CheckpointOutcome(waiting: 0, obstacle: nil) }
    // Counted before it runs, so that one which throws is not repeated after every commit.
    schedule.withLock { $0.hasRun(before) }
    _ = try checkpoint(SQLITE_CHECKPOINT_PASSIVE, database)
    guard var left = index.frames() else { return CheckpointOutcome(waiting: 0, obstacle: nil) }
    if let limit = schedule.withLock({ $0.waitsForReads(left) }), !index.isUsedByOthers {
      let isRestarted = try restart(left, within: limit, database)
      left = index.frames() ?? left
      if !isRestarted { schedule.withLock { $0.restartHasFailed(left) } }
    }
    schedule.withLock { $0.hasRun(left) }
    return CheckpointOutcome(waiting: left.waiting, obstacle: index.obstacle(to: left))
  }

  /// Has the next commit write the WAL from its beginning, which takes that no reader uses the WAL. Nothing is written meanwhile.
  private func restart(_ frames: WALFrames, within milliseconds: Int, _ database: Database) throws -> Bool {
    if frames.waiting > 0 {
      // Reads that begin from here on see the last commit, and keep no frame from being moved.
      guard reads.waitForEnd(within: milliseconds) else { return false }
      _ = try checkpoint(SQLITE_CHECKPOINT_PASSIVE, database)
    }
    // Reads that begin from here on find everything in the database file, and do without the WAL.
    guard reads.waitForEnd(within: milliseconds) else { return false }
    return try checkpoint(SQLITE_CHECKPOINT_RESTART, database) == SQLITE_OK
  }

  /// Moves everything into the database file and empties the WAL, when no more is to be written. Returns whether it did both.
  func finish(on database: Database) throws -> Bool {
    try checkpoint(SQLITE_CHECKPOINT_TRUNCATE, database, waiting: finishMilliseconds) == SQLITE_OK
  }

  /// Returns SQLITE_OK, or SQLITE_BUSY where a lock is in the way.
  private func checkpoint(_ mode: CInt, _ database: Database, waiting milliseconds: CInt = 0) throws -> CInt {
    let connection = database.sqliteConnection
    sqlite3_busy_timeout(connection, milliseconds)
    defer { sqlite3_busy_timeout(connection, busyMilliseconds) }
    let code = sqlite3_wal_checkpoint_v2(connection, "main", mode, nil, nil)
    guard code & 0xFF != SQLITE_BUSY else { return SQLITE_BUSY }
    guard code == SQLITE_OK else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
        message: String(cString: sqlite3_errmsg(connection)))
    }
    return code
  }
}
