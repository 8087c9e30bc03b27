// Opens the ledger's SQLite file: whose it is, the lock beside it, and the settings of its connections.

// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import GRDB
internal import GRDBSQLite
internal import LinuxSupport
internal import Synchronization

enum LedgerFile {
  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "fairlead"
    configuration.maximumReaderCount = StoreLimits.readers
    configuration.busyMode = .timeout(Double(StoreLimits.writeWaitSeconds))
    return configuration
  }

  /// The file's connections, with the schema migrated to its latest version. `mayConnect` throws where no further connection
  /// may be made. `log` is told of a migration.
  static func open(
    _ path: String, log: (String) -> Void, mayConnect: @escaping @Sendable () throws -> Void
  ) throws -> DatabasePool {
    var configuration = Self.configuration
    configuration.prepareDatabase { db in
      try mayConnect()
      // Users without write permission can open a WAL database only while -wal and -shm exist; keep both after a close.
      var persist: CInt = 1
      sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &persist)
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    // A change is acknowledged once it is durable. With NORMAL, GRDB's choice for WAL, a power cut loses the last commits.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    // CHECK constraints of columns are there for other writers. The daemon encodes its records itself, and the checks parse
    // each of them once more as JSON, a quarter of SQLite's time for a change. Keys, foreign keys and triggers stay on.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA ignore_check_constraints = ON") }
    // The ledger runs its WAL checkpoints itself: see `Checkpointer`.
    try pool.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      try $0.execute(sql: "PRAGMA journal_size_limit = \(StoreLimits.walBytes)")
    }
    try Migrations.apply(to: pool, path: path, log: log)
    return pool
  }

  /// Moves user_version and application_id from the WAL into the file's header, where `check` reads them. Returns whether the
  /// disk has no room for that, which keeps nobody from reading.
  static func isFull(movingHeaderOf pool: DatabasePool) throws -> Bool {
    do {
      try pool.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
      return false
    } catch  where isOutOfRoom(error) {
      return true
    }
  }

  /// Opens the connections that read, each of which SQLite and GRDB would open when it is needed first: by then other files may
  /// be at the path and beside it.
  ///
  /// On threads that end with it. Those of a dispatch queue would stay in the pool, and the two stages of a commit would wander
  /// over all of them, which cost a sixth of the changes that 64 clients get recorded in a second.
  static func openReaders(of pool: DatabasePool) throws {
    let (isOpen, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let failure = Mutex<(any Error)?>(nil)
    var threads: [OwnThread] = []
    do throws(SystemError) {
      for _ in 0..<StoreLimits.readers {
        let thread = try OwnThread {
          do {
            try pool.read { database in
              // The WAL is opened by the first read.
              _ = try database.number("SELECT count(*) FROM sqlite_schema")
              isOpen.signal()
              mayEnd.wait()
            }
          } catch {
            // Without a connection nothing is to be held, and whoever makes the next one may wait for this call.
            failure.withLock { $0 = error }
            isOpen.signal()
          }
        }
        threads.append(thread)
        // One after the other, as the pool opens them anyway. Where locks cannot be taken, SQLite tries for ten seconds until a
        // read fails, and so would each of the others.
        isOpen.wait()
        if failure.withLock({ $0 != nil }) { break }
      }
    } catch {
      failure.withLock {
        $0 = LedgerError(
          .other,
          "cannot open the database \(pool.path): cannot start a thread: \(error); raise the limit of processes (ulimit -u)"
        )
      }
    }
    for _ in threads { mayEnd.signal() }
    for thread in threads { thread.join() }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Takes the lock beside the file, which the kernel releases when the process dies.
  static func lock(_ path: String) throws(LedgerError) -> FileLock {
    do {
      return try FileLock(path: path + ".lock")
    } catch {
      throw refusal(for: error, path: path)
    }
  }

  /// Refuses a file that is not a ledger which this version can use. Reads it without SQLite, so that it stays untouched.
  static func check(_ path: String, descriptor: CInt) throws(LedgerError) {
    switch DatabaseHeader.read(descriptor) {
    case .nothing: break
    case .unreadable(let code):
      throw LedgerError(
        .notWritable, "cannot open the database \(path): \(describe(errno: code)); name another file with --database")
    case .notSQLite:
      throw LedgerError(
        .notALedger, "cannot use \(path): it is not an SQLite database; name another file with --database")
    case .database(let file):
      let header = try header(of: path, file: file)
      // A first start that was killed before it created the schema leaves an empty database.
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

  /// The header in effect: after a crash the WAL may hold a newer one than the file.
  static func header(of path: String, file: DatabaseHeader) throws(LedgerError) -> DatabaseHeader {
    guard let size = try? FileStatus(path: path + "-wal").size, size > 0 else { return file }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      return try DatabaseQueue(path: path, configuration: configuration).read { db in
        DatabaseHeader(
          userVersion: try db.number("PRAGMA user_version"), applicationID: try db.number("PRAGMA application_id"),
          isEmpty: try db.number("SELECT count(*) FROM sqlite_schema") == 0)
      }
    } catch  where isOutOfRoom(error) {
      // There is no room for the memory that connections share. The version is read again once the ledger is open.
      return file
    } catch {
      throw LedgerError(opening: path, error)
    }
  }

  static func refusal(for failure: FileLock.Failure, path: String) -> LedgerError {
    switch failure {
    case .held(by: .owner(let pid)):
      return LedgerError(
        .inUse, "cannot use \(path): fairleadd with pid \(pid) has it open; stop that one, or name another file")
    case .held(by: .other(let pid)):
      return LedgerError(
        .inUse,
        "cannot use \(path): \(describe(process: pid)) holds the lock \(path).lock; end that one, or name another file")
    case .notOwn(let fault):
      return LedgerError(
        .notWritable, "cannot use \(path): its lock \(path).lock is not this user's own: \(fault); move it away")
    case .system(let code):
      return LedgerError(
        .notWritable,
        "cannot create \(path).lock: \(describe(errno: code)); fairleadd needs a folder that it may write, name a file "
          + "in one with --database")
    }
  }
}
