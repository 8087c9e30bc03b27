// SQLite's errors as `LedgerError`s, told apart by their result codes.

internal import GRDB

extension LedgerError {
  /// An error while the file was being opened.
  init(opening path: String, _ error: any Error) {
    if let error = error as? LedgerError {
      self = error
    } else if let error = error as? DatabaseError {
      // The connection that could have told a read error of the disk from damage is gone.
      let isDamage = error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
      self =
        (isDamage ? LedgerError.readErrno(of: path) : nil).map { .readError(of: path, errno: $0) }
        ?? LedgerError(using: path, error)
    } else {
      self.init(.other, "cannot open the database \(path): \(error)")
    }
  }

  /// An error while the open file was used.
  init(using path: String, _ error: any Error) {
    guard let error = error as? DatabaseError else {
      if let error = error as? LedgerError {
        self = error
        return
      }
      self.init(.other, "cannot use the database \(path): \(error)")
      return
    }
    let detail = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_NOTADB:
      self.init(
        .notALedger, "cannot use \(path): it is not an SQLite database",
        remedy: "restore it from a backup, or name another file with --database")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .notWritable, "cannot write the database \(path): \(detail); fairleadd needs to write the file and its folder")
    case .SQLITE_FULL:
      self.init(.diskFull, "cannot write the database \(path): the disk is full; make room, and try again")
    case .SQLITE_IOERR:
      self.init(.diskError, "cannot write the database \(path): \(detail); look at its disk")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.inUse, "cannot write the database \(path): another program holds it; try again once it lets go")
    case .SQLITE_CORRUPT:
      self.init(
        .corrupt, "cannot read the database \(path): it is damaged (\(detail))",
        remedy: "stop fairleadd and restore the database from a backup")
    default:
      self.init(.other, "cannot use the database \(path): \(detail)")
    }
  }

  /// A WAL checkpoint that failed.
  init(checkpointing path: String, _ error: any Error) {
    let cause = LedgerError(using: path, error)
    let detail = (error as? DatabaseError).map { $0.message ?? $0.resultCode.description } ?? cause.message
    self.init(
      cause.reason,
      "cannot move the write-ahead log \(path)-wal into the database: \(detail); look at the disk of \(path), and back up "
        + "both files together until this is mended")
  }

  /// A WAL checkpoint that another program keeps from being complete.
  init(checkpointing path: String, heldBackBy obstacle: WALObstacle?) {
    let what =
      switch obstacle {
      case .reader(let program): "\(program) reads it; end that one"
      case .checkpoint(let program): "\(program) holds its checkpoint lock; end that one"
      case nil: "another program reads it; end that one"
      }
    self.init(
      .inUse,
      "cannot move the write-ahead log \(path)-wal into the database: \(what), and back up both files together until then"
    )
  }
}
