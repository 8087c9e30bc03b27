// The order in which a ledger's files are looked at, locked and opened, so that nothing of another's is changed or relied on.

internal import FairleadModel
internal import GRDB
internal import LinuxSupport
internal import Synchronization

/// A ledger's files, open and locked.
struct OpenedLedger: Sendable {
  let pool: DatabasePool
  let handle: DatabaseHandle
  /// The lock beside the file; `nil` where it cannot be made, since the disk is full or mounted read-only.
  let lock: FileLock?
  /// `nil` where the files cannot change, since they are on a file system that is mounted read-only.
  let watch: FileWatch?
  let mark: AcknowledgedMark
  /// Why no change can be taken before the next start; `nil` where changes can be taken.
  let obstacle: LedgerError?
  /// The disk had no room when the ledger was opened.
  let isDiskFull: Bool

  /// Gives up the locks. To be called once, and only after SQLite has closed the file.
  func release() {
    watch?.close()
    handle.close()
    lock?.release()
  }
}

struct LedgerOpening {
  let path: String
  /// Whether a new ledger may be made where traces of an earlier one are.
  let mayReplaceLost: Bool
  let health: HealthBoard
  let log: @Sendable (String) -> Void

  func open() throws(LedgerError) -> OpenedLedger {
    noteFolder()
    try DatabaseHandle.checkCompanions(of: path)
    let status = try DatabaseHandle.statusIfAny(path)
    if status.map({ $0.kind == .regular && $0.size == 0 }) ?? true { try checkTraces(isEmpty: status != nil) }
    let (handle, lock) = status == nil ? try make() : try lockExisting()
    do throws(LedgerError) {
      // Once more, under the locks.
      try DatabaseHandle.checkCompanions(of: path)
      if let status, status.size == 0 { try clearPlace() }
      if handle.status.size == 0 { log("new ledger created at \(path)") }
      let opened = try connect(handle, lock)
      if let status { noteReaders(status) }
      return opened
    } catch {
      handle.close()
      lock?.release()
      throw error
    }
  }

  // MARK: The locks

  /// A ledger in a place where none is.
  private func make() throws(LedgerError) -> (DatabaseHandle, FileLock?) {
    let lock = try LedgerFile.lock(path)
    do throws(LedgerError) {
      try clearPlace()
      return (try DatabaseHandle(creating: path), lock)
    } catch {
      lock.release()
      throw error
    }
  }

  /// Takes the lock by name first where its file exists, so that a second daemon does not even open the database of the first;
  /// and makes it last where it does not, so that nothing is left beside a file which is refused.
  private func lockExisting() throws(LedgerError) -> (DatabaseHandle, FileLock?) {
    let isLockThere = (try? FileStatus(path: path + ".lock")) != nil
    var lock = isLockThere ? try lockByName() : nil
    do throws(LedgerError) {
      let handle = try DatabaseHandle(path: path)
      do throws(LedgerError) {
        try LedgerFile.check(path, descriptor: handle.descriptor)
        if !isLockThere { lock = try lockByName() }
        return (handle, lock)
      } catch {
        handle.close()
        throw error
      }
    } catch {
      lock?.release()
      throw error
    }
  }

  /// Without the lock by name there is still the one on the file itself. So a ledger can be read where no file can be made.
  private func lockByName() throws(LedgerError) -> FileLock? {
    do throws(FileLock.Failure) {
      return try FileLock(path: path + ".lock")
    } catch {
      if case .system(let code) = error,
        SystemError(errno: code).isOutOfRoom || SystemError(errno: code).isReadOnlyFileSystem
      {
        return nil
      }
      throw LedgerFile.refusal(for: error, path: path)
    }
  }

  // MARK: A new ledger

  private func checkTraces(isEmpty: Bool) throws(LedgerError) {
    guard !mayReplaceLost, let trace = LedgerTraces.description(at: path) else { return }
    throw LedgerError(
      .notALedger,
      "cannot open the database \(path): \(isEmpty ? "the file is empty" : "there is no file"), but \(trace); "
        + "or start fairleadd once with --create to begin a new, empty ledger there"
    )
  }

  /// Keeps what is left of an earlier ledger.
  private func clearPlace() throws(LedgerError) {
    if let kept = try LedgerTraces.putAside(at: path) {
      log("kept the write-ahead log of an earlier ledger as \(kept)")
    }
  }

  // MARK: SQLite

  private func connect(_ handle: DatabaseHandle, _ lock: FileLock?) throws(LedgerError) -> OpenedLedger {
    if handle.isOnReadOnlyFileSystem {
      let obstacle = LedgerError(
        .notWritable,
        "cannot write the database \(path): its file system is mounted read-only; mount it writable, and "
          + "restart fairleadd")
      health.raise(
        .notWritable, "\(path) is on a file system that is mounted read-only",
        remedy: "mount it writable, and restart fairleadd")
      return try connectReadOnly(handle, lock, obstacle, isDiskFull: false)
    }
    let watching = WatchReference()
    do {
      let (pool, lastSeq, isDiskFull) = try retryingReadErrors {
        let pool = try LedgerFile.open(path, log: log, mayConnect: watching.check)
        let isDiskFull = try LedgerFile.isFull(movingHeaderOf: pool)
        try LedgerFile.openReaders(of: pool)
        return (pool, try LedgerFile.lastSeq(pool), isDiskFull)
      }
      let watch = try FileWatch(path: path, handle: handle)
      watching.watch = watch
      if isDiskFull { raiseDiskFull(remedy: "make room; changes are taken again by themselves") }
      return OpenedLedger(
        pool: pool, handle: handle, lock: lock, watch: watch, mark: mark(lastSeq, lock, handle), obstacle: nil,
        isDiskFull: isDiskFull)
    } catch let error as LedgerError {
      throw error
    } catch {
      guard LedgerFile.isOutOfRoom(error) else { throw LedgerError(opening: path, error) }
      let obstacle = LedgerError(opening: path, error)
      let opened = try connectReadOnly(handle, lock, obstacle, isDiskFull: true)
      raiseDiskFull(remedy: "make room, and restart fairleadd")
      return opened
    }
  }

  private func connectReadOnly(
    _ handle: DatabaseHandle, _ lock: FileLock?, _ obstacle: LedgerError, isDiskFull: Bool
  ) throws(LedgerError) -> OpenedLedger {
    do {
      let (pool, lastSeq, isMigrated) = try retryingReadErrors {
        let pool = try LedgerFile.openReadOnly(path, sharesMemory: !isDiskFull)
        return (pool, try LedgerFile.lastSeq(pool), try LedgerFile.isMigrated(pool))
      }
      guard isMigrated else {
        throw LedgerError(
          .notWritable,
          "\(obstacle.message); only a ledger of this version's schema is served without that")
      }
      return OpenedLedger(
        pool: pool, handle: handle, lock: lock, watch: nil, mark: mark(lastSeq, lock, handle), obstacle: obstacle,
        isDiskFull: false)
    } catch {
      throw (error as? LedgerError) ?? LedgerError(opening: path, error)
    }
  }

  /// Opens once more where the file looks damaged. To SQLite a read error of the disk looks like damage, and a connection that is
  /// gone can no longer say which it was. Damage lasts.
  private func retryingReadErrors<Value>(_ open: () throws -> Value) throws -> Value {
    do {
      return try open()
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
    {
      return try open()
    } catch let error as LedgerError where error.reason == .readError {
      return try open()
    }
  }

  private func raiseDiskFull(remedy: String) {
    health.raise(.diskFull, "the disk of \(path) is full", remedy: remedy)
  }
}

/// The watch of a ledger, once there is one, for connections that are made later.
private final class WatchReference: Sendable {
  private let reference = Mutex<FileWatch?>(nil)

  var watch: FileWatch? {
    get { reference.withLock { $0 } }
    set { reference.withLock { $0 = newValue } }
  }

  /// Throws where a new connection would open other files than those that are in use.
  func check() throws(LedgerError) {
    guard let watch else { return }
    if let problem = watch.look().first(where: \.blocksWrites) { throw watch.error(problem) }
  }
}
