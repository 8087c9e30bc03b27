// Transactions on the ledger's SQLite file.

internal import FairleadModel
internal import GRDB
internal import LinuxSupport
internal import Synchronization

/// The ledger's file, open. One daemon has it open at a time; anybody with the stock SQLite shell may read it meanwhile.
///
/// Synchronous throughout: a transaction runs on the thread that calls. SQLite has one writer at a time. Readers each see a
/// snapshot and never wait for the writer.
package final class Ledger: Sendable {
  package let path: String
  /// Where conditions of the file are raised and cleared.
  package let health: HealthBoard
  private let lock: FileLock
  private let pool: DatabasePool
  private let reads = ReadsUnderWay()
  private let walIndex: WALIndex
  private let checkpointer: Checkpointer
  /// Held from COMMIT until the commit is published to the daemon's readers.
  private let publishing = Mutex<Void>(())

  /// Opens or creates the database at `path` and migrates its schema to the latest version. A file of another application, of
  /// a newer daemon, or that another daemon has open is refused and left untouched.
  package init(
    path: String, health: HealthBoard = HealthBoard(now: { Timestamp(milliseconds: wallMilliseconds()) }, log: { _ in })
  ) throws(LedgerError) {
    self.path = path
    self.health = health
    try LedgerFile.check(path)
    // By the resolved name, so that a symbolic link to the file does not get a lock of its own.
    lock = try LedgerFile.lock(path)
    do {
      pool = try LedgerFile.open(path)
      walIndex = try WALIndex(database: path)
    } catch {
      lock.release()
      throw LedgerError(opening: path, error)
    }
    checkpointer = Checkpointer(
      index: walIndex, reads: reads,
      schedule: CheckpointSchedule(pages: StoreLimits.walCheckpointPages, bound: StoreLimits.walPages),
      busyMilliseconds: CInt(StoreLimits.writeWaitSeconds * 1000),
      finishMilliseconds: StoreLimits.closeWaitMilliseconds)
  }

  /// Ends every transaction, closes the file and releases its lock. To be called once. Where the WAL checkpoint of the end fails or
  /// cannot be complete, it throws after it has done all that.
  package func close() throws(LedgerError) {
    // A WAL checkpoint that truncates the WAL moves every page into the database file. Then a copy of that one file is a backup,
    // and no WAL of a later state is replayed over a backup that takes the file's place. A reader with an old snapshot makes
    // the checkpoint incomplete; the WAL stays, and nothing is lost.
    let rest = unfinishedCheckpoint()
    do {
      try pool.close()
    } catch {
      throw LedgerError(using: path, error)
    }
    walIndex.close()
    lock.release()
    if let rest { throw rest }
  }

  /// Runs the WAL checkpoint of the end, and returns what is wrong with it.
  private func unfinishedCheckpoint() -> LedgerError? {
    do {
      if try pool.writeWithoutTransaction({ try checkpointer.finish(on: $0) }) { return nil }
    } catch {
      return LedgerError(checkpointing: path, error)
    }
    return LedgerError(checkpointing: path, heldBackBy: wal.flatMap { walIndex.obstacle(to: $0) } ?? walIndex.reader)
  }

  /// Runs `body` on a snapshot of the last commit. Rethrows what `body` throws, SQLite's errors as `LedgerError`.
  package func read<Value>(_ body: (LedgerReader) throws -> Value) throws -> Value {
    try translating { try reads.read { try pool.read { try body(LedgerReader(database: $0)) } } }
  }

  /// Runs `body` in a write transaction and commits it. The commit is on disk when this returns; where this throws, the
  /// transaction is rolled back, or `UncertainCommit` says that nobody knows.
  ///
  /// `publish` runs after COMMIT, before this returns. Other connections can see the commit a moment earlier than that:
  /// readers that must not be ahead of the published state call `waitForPublication`.
  package func write<Value>(_ body: (LedgerWriter) throws -> Value, publish: (Value) -> Void = { _ in }) throws -> Value
  {
    try translating {
      try pool.writeWithoutTransaction { database in
        try database.beginTransaction(.immediate)
        do {
          let value = try body(LedgerWriter(database: database))
          guard database.isInsideTransaction else {
            throw LedgerError(.other, "cannot use the database \(path): SQLite ended the transaction by itself")
          }
          try publishing.withLock { (_) throws in
            do {
              try database.commit()
            } catch let error as DatabaseError {
              throw UncertainCommit(cause: LedgerError(using: path, error))
            }
            publish(value)
          }
          return value
        } catch {
          // SQLite rolls a transaction back by itself where the disk is full or broken.
          if database.isInsideTransaction { try database.rollback() }
          throw error
        }
      }
    }
  }

  /// Commits one page that changes nothing. A commit that failed may have left its pages in the WAL, where the recovery of a
  /// restart would take them for committed. This commit is written over them, so that the failed one can never be recovered.
  package func overwriteFailedCommit() throws {
    try translating {
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = \(Migrations.latest)") }
    }
  }

  // MARK: The WAL

  /// What the WAL holds; `nil` where its index cannot be read. Costs a microsecond, and never waits for the disk.
  package var wal: WALFrames? { walIndex.frames() }

  /// Another program that holds the lock of writers.
  package var otherWriter: OtherProgram? { walIndex.writer() }

  /// Another program that keeps the frames of the WAL from being checkpointed.
  package var walObstacle: WALObstacle? { wal.flatMap { walIndex.obstacle(to: $0) } }

  /// Whether the WAL has grown so far that `checkpoint` is to be called.
  package var isCheckpointDue: Bool { checkpointer.isDue() }

  /// Moves what the WAL holds into the database file, as far as readers allow. To be called by the thread that writes, between
  /// two transactions.
  package func checkpoint() throws(LedgerError) -> CheckpointOutcome {
    do {
      return try pool.writeWithoutTransaction { try checkpointer.run(on: $0) }
    } catch {
      throw LedgerError(checkpointing: path, error)
    }
  }

  /// Waits until the last commit on disk is published as well: for microseconds, and never for the disk.
  package func waitForPublication() { publishing.withLock { _ in } }

  private func translating<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      throw translated(error)
    }
  }

  /// SQLite's own errors as `LedgerError`, any other error as it is.
  package func translated(_ error: any Error) -> any Error {
    error is DatabaseError ? LedgerError(using: path, error) : error
  }
}
