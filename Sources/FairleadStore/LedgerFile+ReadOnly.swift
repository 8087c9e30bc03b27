// Opens a ledger that cannot be written: on a disk without room, or on a file system that is mounted read-only.

internal import FairleadModel
internal import GRDB
internal import GRDBSQLite
internal import LinuxSupport

extension LedgerFile {
  /// Connections that only read. `sharesMemory` says that SQLite may write the `-shm` file, where it can.
  ///
  /// Without that file SQLite keeps the index of the WAL in memory of its own, as long as no other program has the ledger open.
  /// A file system that is mounted read-only may lack it altogether; without a WAL either, the database alone is all there is,
  /// and nobody can change it. Source: sqlite.org/wal.html, "Read-Only Databases"; sqlite.org/uri.html.
  static func openReadOnly(_ path: String, sharesMemory: Bool) throws -> DatabasePool {
    var configuration = Self.configuration
    configuration.readonly = true
    let hasIndex = (try? FileStatus(path: path + "-shm")) != nil
    let hasLog = (try? FileStatus(path: path + "-wal").size).map { $0 > 0 } ?? false
    let place =
      if !sharesMemory {
        "file:\(percentEncoded(path))?readonly_shm=1"
      } else if hasIndex || hasLog {
        path
      } else {
        "file:\(percentEncoded(path))?immutable=1"
      }
    // Without this option of the library's build, SQLite takes a URI for the name of a file.
    guard place == path || sqlite3_compileoption_used("USE_URI") != 0 else {
      throw LedgerError(
        .notWritable,
        "cannot open the database \(path): it cannot be written, and this SQLite library is built without "
          + "SQLITE_USE_URI; make it writable first")
    }
    let pool = try DatabasePool(path: place, configuration: configuration)
    try openReaders(of: pool)
    return pool
  }

  /// Whether the schema is of this version.
  static func isMigrated(_ pool: DatabasePool) throws -> Bool {
    try pool.read { try $0.number("PRAGMA user_version") } == Migrations.latest
  }

  /// The number of the log's last change; 0 where it has none.
  static func lastSeq(_ pool: DatabasePool) throws -> Int {
    try pool.read { try lastSeq($0) }
  }

  /// The same, as one transaction sees it.
  static func lastSeq(_ database: Database) throws -> Int {
    let seq = try database.number("SELECT coalesce(max(seq), 0) FROM change")
    // It goes into the lock file's mark, which would tell of missing changes for ever.
    guard seq == 0 || SequenceNumber.range.contains(seq) else {
      throw LedgerError.damage("change \(seq): no log has so many changes")
    }
    return seq
  }

  /// Whether the disk had no room: for a page of the database or of the WAL, or for the memory that connections share.
  static func isOutOfRoom(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
  }

  /// A path in a URI: what would end it or begin an escape is escaped.
  private static func percentEncoded(_ path: String) -> String {
    var text = ""
    for character in path {
      switch character {
      case "%": text += "%25"
      case "?": text += "%3f"
      case "#": text += "%23"
      default: text.append(character)
      }
    }
    return text
  }
}
