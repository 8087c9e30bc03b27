// What the system said behind an error of SQLite's: a read error of the disk is no damage, and a file size limit no broken disk.

internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import LinuxSupport

/// A read that fails with EIO becomes SQLITE_IOERR_CORRUPTFS inside of SQLite, and SQLITE_CORRUPT before anybody sees it. Only
/// the errno that SQLite keeps for each open file says which it was.
extension Database {
  /// SQLite's error as it is, or as a `LedgerError` where the system call behind it says more: the disk reported an error for a
  /// read, or the process may write no larger files.
  func classified(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: break
    case .SQLITE_IOERR:
      let reads: [ResultCode] = [.SQLITE_IOERR_READ, ResultCode(rawValue: corruptFileSystem)]
      let code = takeErrno()
      if reads.contains(error.extendedResultCode) { return LedgerError.readError(of: filename, errno: code) }
      return code == EFBIG ? LedgerError.tooLarge(filename) : error
    default: return error
    }
    let code = takeErrno()
    return code == 0 ? error : LedgerError.readError(of: filename, errno: code)
  }

  var filename: String { sqlite3_db_filename(sqliteConnection, "main").map { String(cString: $0) } ?? "" }

  /// The errno of the last system call that failed on the database file or its WAL through this connection; 0 where none did.
  /// Cleared by this call, so that it does not explain a later error.
  private func takeErrno() -> CInt {
    let files = [SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER].compactMap { which in
      var file: UnsafeMutablePointer<sqlite3_file>?
      let code = withUnsafeMutablePointer(to: &file) { sqlite3_file_control(sqliteConnection, "main", which, $0) }
      return code == SQLITE_OK ? file : nil
    }
    return files.map(Self.takeErrno).first { $0 != 0 } ?? 0
  }

  private static func takeErrno(of file: UnsafeMutablePointer<sqlite3_file>) -> CInt {
    // A file that is not open, such as a WAL that does not exist yet, has no methods.
    guard let methods = file.pointee.pMethods?.pointee, let control = methods.xFileControl,
      let size = methods.xFileSize,
      let read = methods.xRead
    else { return 0 }
    var code: CInt = 0
    guard control(file, SQLITE_FCNTL_LAST_ERRNO, &code) == SQLITE_OK, code != 0 else { return 0 }
    // A read past the end is the one call that sets it to 0. Where that fails too, the errno is of now anyway.
    var end: sqlite3_int64 = 0
    var byte: UInt8 = 0
    if size(file, &end) == SQLITE_OK { _ = read(file, &byte, 1, end + 65_536) }
    return code
  }
}

/// A macro that Swift does not import: SQLITE_IOERR | 33 << 8.
private let corruptFileSystem: CInt = 8458

extension LedgerError {
  /// The limit of file sizes of the process was met (setrlimit(2), RLIMIT_FSIZE).
  static func tooLarge(_ path: String) -> LedgerError {
    LedgerError(
      .notWritable, "cannot write the database \(path): the process may write no larger files",
      remedy: "raise its limit (ulimit -f, LimitFSIZE= of systemd), and restart fairleadd")
  }

  static func readError(of path: String, errno code: CInt) -> LedgerError {
    LedgerError(
      .readError,
      "cannot read the database \(path): the disk reports a read error"
        + (code == 0 ? "" : " (\(describe(errno: code)))") + "; look at the disk and the system's log, and try again")
  }

  /// The errno with which reading a file of the database to its end fails; `nil` where it can be read. For an error of a
  /// connection that is gone, and with it SQLite's errno.
  static func readErrno(of path: String) -> CInt? {
    for name in [path, path + "-wal"] {
      let descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count == 0 { break }
        if count < 0, errno != EINTR { return errno }
      }
    }
    return nil
  }
}
