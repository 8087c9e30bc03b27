// What the ledger does about its files: it checks them around each commit, saves what is in them, and leaves them in order.

internal import FairleadModel
internal import GRDB
internal import GRDBSQLite
internal import LinuxSupport
internal import Synchronization

extension Ledger {
  /// To be called between transactions, before one begins. Throws where the files are no longer those that were opened: what
  /// would be acknowledged could be lost.
  func ensureWhole(_ database: Database) throws(LedgerError) {
    if let obstacle = files.obstacle { throw obstacle }
    guard let watch = files.watch else { return }
    let problem = check(watch, database)
    forgetPages(database)
    if let problem { throw watch.error(problem) }
  }

  /// To be called before a checkpoint, after `ensureWhole`. Throws where it would move what is not the ledger's.
  func ensureMovable(_ watch: FileWatch) throws(LedgerError) {
    guard watch.findForeignFrame(), let problem = watch.look({ report($0, watch) }).first(where: \.blocksWrites) else {
      return
    }
    throw watch.error(problem)
  }

  /// To be called after COMMIT, before anybody is told. Throws where the commit may have gone into a file that is lost.
  func ensureKept(_ database: Database) throws(LedgerError) {
    if isDiskFull.exchange(false, ordering: .relaxed) { health.clear(.diskFull) }
    guard let watch = files.watch, let problem = check(watch, database), !watch.isKept else {
      return
    }
    throw watch.error(problem)
  }

  /// Whether no change can be taken before the next start, whatever becomes of the disk.
  package var needsRestart: Bool { files.obstacle != nil }

  /// Throws where a read would end the process, since the memory that SQLite maps is gone.
  func ensureReadable() throws(LedgerError) {
    guard let watch = files.watch, !watch.isReadable else { return }
    _ = watch.look { report($0, watch) }
    let problem = FileProblem.shmTruncated
    throw LedgerError(
      .filesChanged,
      "cannot read the database \(path): \(problem.text(path: path)); "
        + problem.remedy(path: path, descriptor: watch.descriptor))
  }

  /// Notices within half a second what became of the files, also where nobody writes, and that they are back. To be called that
  /// often; never waits for the disk. Returns whether `rescue` is to be called.
  package func checkFiles() -> Bool {
    guard let watch = files.watch else { return false }
    _ = watch.look { report($0, watch) }
    if isDiskFull.load(ordering: .relaxed), freeBytes(descriptor: watch.descriptor) > StoreLimits.room {
      isDiskFull.store(false, ordering: .relaxed)
      health.clear(.diskFull)
    }
    return watch.isRescueDue
  }

  /// Moves everything that is acknowledged into the database's own file, after the files were found changed. Waits for the
  /// write that is under way, and for the disk.
  package func rescue() {
    guard let watch = files.watch else { return }
    pool.writeWithoutTransaction { rescue($0, watch) }
  }

  /// The first problem that keeps changes from being taken.
  private func check(_ watch: FileWatch, _ database: Database) -> FileProblem? {
    let problems = watch.look { report($0, watch) }
    guard !problems.isEmpty else { return nil }
    rescue(database, watch)
    return problems.first(where: \.blocksWrites)
  }

  private func report(_ problems: [FileProblem], _ watch: FileWatch) {
    for code in FileProblem.codes {
      guard let problem = problems.first(where: { $0.code == code }) else {
        health.clear(code)
        continue
      }
      health.raise(
        code, problem.text(path: path), remedy: problem.remedy(path: path, descriptor: watch.descriptor))
    }
  }

  /// Moves what is in the write-ahead log into the database's own file, wherever that is now, and empties the log.
  private func rescue(_ database: Database, _ watch: FileWatch) {
    guard watch.isRescueDue, let connection = database.sqliteConnection else { return }
    // A reader may wait for the publication that this is a part of, so that nothing here waits for a reader.
    sqlite3_busy_timeout(connection, 0)
    defer { sqlite3_busy_timeout(connection, CInt(StoreLimits.writeWaitSeconds * 1000)) }
    var outcome: Rescue
    do {
      try ensureMovable(watch)
      // By shared memory of an older state, SQLite would empty the log without having moved its end.
      if let end = try? LedgerFile.lastSeq(database) { try ensureComplete(end) }
      outcome = try watch.whileWriting {
        let frames = try database.checkpoint(.passive)
        guard frames.walFrameCount == frames.checkpointedFrameCount else { return .failed("a reader holds it up") }
        _ = try database.checkpoint(.truncate)
        return .emptied
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      outcome = .saved
    } catch let error as LedgerError {
      outcome = .failed(error.message)
    } catch {
      outcome = .failed("\(error)")
    }
    guard watch.noteRescue(outcome) else { return }
    switch outcome {
    case .due: break
    case .failed(let cause): log("the write-ahead log of \(path) is not in the database's own file yet: \(cause)")
    case .saved, .emptied: log("everything that was acknowledged is in the ledger's own file now, whatever its name")
    }
  }

  // MARK: Content

  /// How often another program's checkpoint was taken for the reason why the database was written. Each time the end of the log is
  /// to be compared with what is published: a copy that was put over the database right after it is not noticed otherwise.
  package var foreignCheckpoints: Int { files.watch?.foreignCheckpoints.load(ordering: .relaxed) ?? 0 }

  /// The number of the log's last change, as the files have it now. To be called by the thread that writes, between two
  /// transactions.
  package func lastSeq() throws -> Int {
    do {
      try ensureReadable()
      return try pool.writeWithoutTransaction { database in
        forgetPages(database)
        do { return try LedgerFile.lastSeq(database) } catch { throw database.classified(error) }
      }
    } catch {
      throw translated(error)
    }
  }

  /// Has the connection read anew from the file: pages that it read between another program's checkpoint and a copy over the
  /// database would hide that copy.
  private func forgetPages(_ database: Database) {
    let count = foreignCheckpoints
    // A ledger that is closed has no connection.
    guard forgotten.exchange(count, ordering: .relaxed) != count, let connection = database.sqliteConnection else {
      return
    }
    sqlite3_db_release_memory(connection)
  }

  // MARK: Acknowledged changes

  /// Throws where the log ends with `lastSeq`, and a later change was acknowledged.
  private func ensureComplete(_ lastSeq: Int) throws(LedgerError) {
    let acknowledged = mark.withLock(\.seq)
    guard lastSeq >= acknowledged else { throw .shortLog(endingWith: lastSeq, recorded: acknowledged) }
  }

  /// Notes in the lock file that every change up to `seq` is durable, so that a start notices where some are missing. To be called
  /// after each commit, before it is acknowledged; costs one write to the page cache where the number is another one.
  package func noteAcknowledged(_ seq: Int) {
    mark.withLock { mark in
      guard seq > mark.seq else { return }
      mark.seq = seq
      files.lock?.write(note: mark.note)
    }
  }

  // MARK: The end

  /// What is wrong with the content of the files, as far as that is known or the end of the log shows it; `nil` where nothing is.
  /// Only then the end of the log is noted: a number from other files would tell of missing changes once the right ones are back.
  func damageAtEnd() -> LedgerError? {
    if let reason = health.reason(.corrupt) { return LedgerError(.corrupt, reason.message) }
    guard files.watch?.isReadable ?? true else { return nil }
    do {
      forgotten.store(-1, ordering: .relaxed)
      let end = try lastSeq()
      try ensureComplete(end)
      noteAcknowledged(end)
      return nil
    } catch {
      let error = LedgerError(using: path, error)
      return error.isDamage ? error : nil
    }
  }

  /// Ends the use of files that are no longer the ledger's.
  func abandon(_ problem: FileProblem, _ watch: FileWatch) -> LedgerError {
    pool.writeWithoutTransaction { rescue($0, watch) }
    leaveOpen()
    var remedy = problem.remedyAfterEnd(path: path)
    if watch.isNameless {
      do throws(LedgerError) {
        remedy = "everything that was acknowledged is saved as \(try SavedCopy.make(of: watch)): move that to \(path)"
      } catch {
        remedy = error.message
      }
    }
    return LedgerError(
      .filesChanged, "cannot close the database \(path) as usual: \(problem.text(path: path)); \(remedy)")
  }

  /// Ends the use of files that are damaged. The shared memory may be what is wrong: then a checkpoint would empty a write-ahead
  /// log that is whole, and from which the next start has everything.
  func abandon(_ damage: LedgerError) -> LedgerError {
    leaveOpen()
    return LedgerError(
      damage.reason,
      "cannot close the database \(path) as usual, since it is damaged: \(damage.cause); nothing was moved or removed: keep "
        + "\(path) and \(path)-wal together, and copy both before anything else; \(path)-shm may be removed, since SQLite makes "
        + "it anew from them")
  }

  /// SQLite is not asked to close the files: it would run a WAL checkpoint, and remove or truncate what it finds at the paths. The
  /// connections stay open until the process ends.
  private func leaveOpen() { _ = Unmanaged.passRetained(pool) }
}

extension LedgerError {
  /// Changes were recorded, and are not in the log any more.
  package static func shortLog(endingWith lastSeq: Int, recorded: Int) -> LedgerError {
    damage("change \(recorded): it was recorded, and the log ends with change \(lastSeq) now")
  }
}
