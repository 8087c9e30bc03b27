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
  let log: @Sendable (String) -> Void
  let pool: DatabasePool
  let files: OpenedLedger
  /// The last change that is noted as acknowledged.
  let mark: Mutex<AcknowledgedMark>
  /// The disk had no room at the start, and none was seen since.
  let isDiskFull: Atomic<Bool>
  /// The count of other programs' checkpoints by which the writing connection forgot its pages last.
  let forgotten = Atomic<Int>(0)
  private let reads = ReadsUnderWay()
  /// `nil` where the file system is mounted read-only, so that nobody writes a WAL.
  let openWAL: OpenWAL?
  /// Held from COMMIT until the commit is published to the daemon's readers.
  private let publishing = Mutex<Void>(())

  /// Opens or creates the database at `path` and migrates its schema to the latest version. A file of another application, of
  /// a newer daemon, of another user, or that another daemon has open is refused and left untouched. So is the place of an
  /// earlier ledger that is gone, unless `mayReplaceLost` is set. `log` takes what an operator should know about the files.
  package init(
    path: String, mayReplaceLost: Bool = false,
    health: HealthBoard = HealthBoard(now: { Timestamp(milliseconds: wallMilliseconds()) }, log: { _ in }),
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(LedgerError) {
    self.path = path
    self.health = health
    self.log = log
    files = try LedgerOpening(path: path, mayReplaceLost: mayReplaceLost, health: health, log: log).open()
    pool = files.pool
    mark = Mutex(files.mark)
    isDiskFull = Atomic(files.isDiskFull)
    do throws(SystemError) {
      openWAL = files.watch == nil ? nil : try OpenWAL(database: path, reads: reads)
    } catch {
      try? files.pool.close()
      files.release()
      throw LedgerError(.notWritable, "cannot open \(path)-shm: \(error); start fairleadd again")
    }
  }

  /// Ends every transaction, closes the file and releases its lock. To be called once. Where the WAL checkpoint of the end fails or
  /// cannot be complete, it throws after it has done all that. Where the files are no longer those that were opened, it saves
  /// what was acknowledged as far as that is possible, and throws what has become of them. Where they are damaged, it leaves
  /// them as they are, and throws which of them belong together.
  package func close() throws(LedgerError) {
    if let watch = files.watch, let problem = watch.look().first(where: \.blocksWrites) {
      throw abandon(problem, watch)
    }
    if let damage = damageAtEnd() { throw abandon(damage) }
    if let watch = files.watch, watch.findForeignFrame(), let problem = watch.look().first(where: \.blocksWrites) {
      throw abandon(problem, watch)
    }
    // A WAL checkpoint that truncates the WAL moves every page into the database file. Then a copy of that one file is a backup,
    // and no WAL of a later state is replayed over a backup that takes the file's place. A reader with an old snapshot makes
    // the checkpoint incomplete; the WAL stays, and nothing is lost.
    let rest = unfinishedCheckpoint()
    do {
      try pool.close()
    } catch {
      throw LedgerError(using: path, error)
    }
    openWAL?.index.close()
    files.release()
    if let rest { throw rest }
  }

  /// Runs the WAL checkpoint of the end, and returns what is wrong with it.
  private func unfinishedCheckpoint() -> LedgerError? {
    guard let openWAL, files.obstacle == nil else { return nil }
    do {
      if try pool.writeWithoutTransaction({ try openWAL.checkpointer.finish(on: $0) }) { return nil }
    } catch {
      return LedgerError(checkpointing: path, error)
    }
    return LedgerError(checkpointing: path, heldBackBy: walObstacle ?? openWAL.index.reader)
  }

  /// Runs `body` on a snapshot of the last commit. Rethrows what `body` throws, SQLite's errors as `LedgerError`.
  package func read<Value>(_ body: (LedgerReader) throws -> Value) throws -> Value {
    try translating {
      try ensureReadable()
      return try reads.read {
        try pool.read { database in
          do { return try body(LedgerReader(database: database)) } catch { throw database.classified(error) }
        }
      }
    }
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
        try ensureWhole(database)
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
              throw UncertainCommit(cause: LedgerError(using: path, database.classified(error)))
            }
            do throws(LedgerError) {
              try ensureKept(database)
            } catch {
              throw UncertainCommit(cause: error, isCommitted: true)
            }
            publish(value)
          }
          return value
        } catch {
          let error = database.classified(error)
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
      try pool.writeWithoutTransaction { database in
        try ensureWhole(database)
        do {
          try database.execute(sql: "PRAGMA user_version = \(Migrations.latest)")
        } catch {
          throw database.classified(error)
        }
      }
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
