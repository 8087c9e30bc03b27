// SQLite's errors as `LedgerError`s, told apart by their result codes.

internal import GRDB

extension LedgerError {
  /// An error while the file was being opened.
  init(opening path: String, _ error: any Error) {
    if let error = error as? DatabaseError {
      self.init(using: path, error)
    } else {
      self.init(.other, "cannot open the database \(path): \(error)")
    }
  }

  /// An error while the open file was used.
  init(using path: String, _ error: any Error) {
    guard let error = error as? DatabaseError else {
      self.init(.other, "cannot use the database \(path): \(error)")
      return
    }
    let detail = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_NOTADB:
      self.init(.notALedger, "cannot use \(path): it is not an SQLite database; name another file with --database")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .notWritable, "cannot write the database \(path): \(detail); fairleadd needs to write the file and its folder")
    case .SQLITE_FULL:
      self.init(.notWritable, "cannot write the database \(path): the disk is full; make room, and try again")
    case .SQLITE_IOERR:
      self.init(.notWritable, "cannot write the database \(path): \(detail); look at its disk")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.inUse, "cannot write the database \(path): another program holds it; try again once it lets go")
    case .SQLITE_CORRUPT:
      self.init(.corrupt, "cannot read the database \(path): \(detail); restore it from a backup")
    default:
      self.init(.other, "cannot use the database \(path): \(detail)")
    }
  }
}
