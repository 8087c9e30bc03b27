// Opens the ledger's SQLite file, and hands out transactions on it.

internal import FairleadModel
internal import LinuxSupport
internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// The ledger's file. One daemon has it at a time; readers with the stock shell may look whenever they like.
///
/// Synchronous throughout: a transaction runs on the thread that asks. Writes are serialized by SQLite's one writer,
/// reads see a snapshot and wait for nobody.
package final class Ledger: Sendable {
  package let path: String
  private let lock: FileLock
  private let pool: DatabasePool
  /// Held from a commit's write to its publication.
  private let publishing = Mutex<Void>(())

  /// Opens or creates the database at `path` and brings its schema up to date. Refuses what is not a Fairlead database,
  /// what a newer daemon wrote, and what another daemon has open, and leaves each as it is.
  package init(path: String) throws(LedgerError) {
    self.path = path
    try Self.check(path)
    do {
      // By the file's own name, so that a link to it does not get a lock of its own.
      lock = try FileLock(path: resolved(path) + ".lock")
    } catch {
      throw Self.refusal(for: error, path: path)
    }
    do {
      pool = try Self.open(path)
    } catch {
      lock.release()
      throw LedgerError(opening: path, error)
    }
  }

  /// Ends every transaction and gives the file up. To be called once.
  package func close() throws(LedgerError) {
    // Leaves all in the file itself and an empty log beside it, so that a copy of the file is a backup, and no log of a
    // later state is replayed over a backup that takes its place. A reader in the middle of a long look prevents it;
    // then the log stays as it is, and nothing is lost.
    try? pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    do {
      try pool.close()
    } catch {
      throw LedgerError(using: path, error)
    }
    lock.release()
  }

  /// Runs `body` on a snapshot of the last commit. Rethrows what `body` throws; SQLite's own errors come as `LedgerError`.
  package func read<Value>(_ body: (LedgerReader) throws -> Value) throws -> Value {
    try translating { try pool.read { try body(LedgerReader(database: $0)) } }
  }

  /// Runs `body` in a transaction that is on disk when this returns, and leaves nothing behind when it throws.
  ///
  /// `publish` runs once the commit is on disk, before this returns. Other connections may see the commit a moment before
  /// that: `waitForPublication` is for readers who did.
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
          // SQLite ends a transaction by itself where the disk is full or broken.
          if database.isInsideTransaction { try database.rollback() }
          throw error
        }
      }
    }
  }

  /// Writes one page that changes nothing. A commit that failed may have left its pages in the log, where a restart would
  /// take them for committed; this one overwrites them, so that the failed commit is gone for good.
  package func overwriteFailedCommit() throws {
    try translating {
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = \(Migrations.latest)") }
    }
  }

  /// Waits, where a commit is on disk that is not published yet, until it is: for microseconds, never for the disk.
  package func waitForPublication() { publishing.withLock { _ in } }

  private func translating<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      throw translated(error)
    }
  }

  /// An error of SQLite's, where a transaction met one, as a `LedgerError`; any other as it is.
  package func translated(_ error: any Error) -> any Error {
    error is DatabaseError ? LedgerError(using: path, error) : error
  }

  private static func open(_ path: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "fairlead"
    configuration.maximumReaderCount = 4
    // An auditor's `BEGIN IMMEDIATE` may hold the file for a moment.
    configuration.busyMode = .timeout(Double(Limits.writeWaitSeconds))
    configuration.prepareDatabase { db in
      // Read-only users can open a WAL database only while -wal and -shm exist; keep them after a clean stop.
      var persist: CInt = 1
      sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &persist)
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    // A change is answered once it is durable; GRDB's own choice for WAL would lose the last ones in a power cut.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    // The checks of columns are for hands in the file. For what the daemon encodes itself they read each record once more as
    // JSON, a quarter of what SQLite needs for a change; keys, foreign keys and triggers stay.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA ignore_check_constraints = ON") }
    // Pages of the log before they are carried over into the file, 5 MB: whoever writes next waits for that, 4 to 8 ms. With
    // 4,000 pages the wait was twice as long, and 64 clients had no more changes a second. It stays with the connection that
    // writes: before SQLite 3.51.3, two that write and carry over at the same moment may corrupt the file (the WAL-reset bug,
    // https://sqlite.org/wal.html).
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 1200") }
    try Migrations.apply(to: pool)
    // Puts version and identity into the file's header, where the check below reads them.
    try pool.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    return pool
  }

  private static func check(_ path: String) throws(LedgerError) {
    switch DatabaseHeader.read(path) {
    case .nothing: break
    case .unreadable(let code):
      throw LedgerError(
        .notWritable, "cannot open the database \(path): \(describe(errno: code)); name another file with --database")
    case .notAFile:
      throw LedgerError(.notALedger, "cannot use \(path): it is not a file; name a file with --database")
    case .linked(let names):
      throw LedgerError(
        .notALedger, "cannot use \(path): the file has \(names) names (hard links); remove all but one, or use a copy")
    case .notSQLite:
      throw LedgerError(
        .notALedger, "cannot use \(path): it is not an SQLite database; name another file with --database")
    case .database(let file):
      let header = try header(of: path, file: file)
      // What a first start leaves that was cut short before its schema was there.
      if header.isEmpty, header.applicationID == 0, header.userVersion == 0 { return }
      guard header.applicationID == DatabaseHeader.fairlead else {
        throw LedgerError(
          .notALedger,
          "cannot use \(path): it is an SQLite database, but not Fairlead's; name another file with --database")
      }
      guard header.userVersion <= Migrations.latest else {
        throw LedgerError(
          .newerSchema,
          "cannot use \(path): its schema is version \(header.userVersion), and this fairleadd \(fairleadVersion) knows "
            + "up to \(Migrations.latest); start the newer fairleadd that wrote it")
      }
    }
  }

  /// The header as it stands: after a crash the write-ahead log knows better than the file.
  private static func header(of path: String, file: DatabaseHeader) throws(LedgerError) -> DatabaseHeader {
    guard case .notSQLite = DatabaseHeader.read(path + "-wal") else { return file }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      return try DatabaseQueue(path: path, configuration: configuration).read { db in
        DatabaseHeader(
          userVersion: try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
          applicationID: try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
          isEmpty: try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0)
      }
    } catch {
      throw LedgerError(opening: path, error)
    }
  }

  private static func refusal(for failure: FileLock.Failure, path: String) -> LedgerError {
    switch failure {
    case .held(let pid):
      let holder = pid.map { "fairleadd with pid \($0)" } ?? "another fairleadd"
      return LedgerError(.inUse, "cannot use \(path): \(holder) has it open; stop that one, or name another file")
    case .system(let code):
      return LedgerError(
        .notWritable,
        "cannot create \(path).lock: \(describe(errno: code)); fairleadd needs a folder that it may write, name a file "
          + "in one with --database")
    }
  }
}

extension LedgerError {
  /// An error while the file was being opened.
  fileprivate init(opening path: String, _ error: any Error) {
    if let error = error as? DatabaseError {
      self.init(using: path, error)
    } else {
      self.init(.other, "cannot open the database \(path): \(error)")
    }
  }

  /// An error of SQLite's, told by its code.
  fileprivate init(using path: String, _ error: any Error) {
    guard let error = error as? DatabaseError else {
      self.init(.other, "cannot use the database \(path): \(error)")
      return
    }
    let said = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_NOTADB:
      self.init(.notALedger, "cannot use \(path): it is not an SQLite database; name another file with --database")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .notWritable, "cannot write the database \(path): \(said); fairleadd needs to write the file and its folder")
    case .SQLITE_FULL:
      self.init(.notWritable, "cannot write the database \(path): the disk is full; make room, and try again")
    case .SQLITE_IOERR:
      self.init(.notWritable, "cannot write the database \(path): \(said); look at its disk")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.inUse, "cannot write the database \(path): another program holds it; try again once it lets go")
    case .SQLITE_CORRUPT:
      self.init(.corrupt, "cannot read the database \(path): \(said); restore it from a backup")
    default:
      self.init(.other, "cannot use the database \(path): \(said)")
    }
  }
}
