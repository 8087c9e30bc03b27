// The database's own file, held open and locked from before SQLite opens it until SQLite has closed it.

internal import Glibc
internal import LinuxSupport

/// Closing any descriptor of a file drops all of this process's fcntl locks on it, also those that SQLite relies on (fcntl(2)).
/// So this is opened before SQLite, and closed after it; meanwhile nothing else opens the file to close it again.
///
/// The lock is flock's, which belongs to the file and not to its name, and does not meet SQLite's fcntl locks: two daemons
/// cannot have one file open, whatever each of them calls it.
struct DatabaseHandle: Sendable {
  let descriptor: CInt
  let status: FileStatus
  var identity: FileIdentity { status.identity }

  /// Opens the file that is at `path`. Throws where it is not this user's alone, or another process has it locked.
  init(path: String) throws(LedgerError) {
    // Looked at before it is opened, which blocks for a pipe and can have effects for a device.
    try Self.check(try Self.status(of: path), path: path)
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard opened >= 0 else { throw Self.cannotOpen(path, errno: errno) }
    try self.init(opened: opened, path: path)
  }

  /// Makes the file, mode 0600 whatever the umask is. Throws where something is there already.
  init(creating path: String) throws(LedgerError) {
    let opened = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
    guard opened >= 0 else { throw Self.cannotOpen(path, errno: errno) }
    fchmod(opened, 0o600)
    try self.init(opened: opened, path: path)
  }

  private init(opened: CInt, path: String) throws(LedgerError) {
    descriptor = opened
    do throws(SystemError) {
      status = try FileStatus(descriptor: opened)
    } catch {
      Glibc.close(opened)
      throw Self.cannotOpen(path, errno: error.errno)
    }
    do throws(LedgerError) {
      try Self.check(status, path: path)
      guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
        guard errno == EWOULDBLOCK else { throw Self.cannotOpen(path, errno: errno) }
        let holder = flockHolder(of: status.identity).map { "the process \($0)" } ?? "another process"
        throw LedgerError(
          .inUse,
          "cannot use \(path): \(holder) has the file open and locked, maybe under another name; stop that one, "
            + "or name another file with --database")
      }
    } catch {
      Glibc.close(opened)
      throw error
    }
  }

  /// Gives up the file and its lock. To be called once, and only after SQLite has closed it.
  func close() { Glibc.close(descriptor) }

  var isOnReadOnlyFileSystem: Bool { LinuxSupport.isOnReadOnlyFileSystem(descriptor: descriptor) }

  // MARK: What may be opened

  /// The status of what is at `path`; `nil` where nothing is.
  static func statusIfAny(_ path: String) throws(LedgerError) -> FileStatus? {
    do throws(SystemError) {
      return try FileStatus(path: path)
    } catch {
      // Also where a part of the path is missing or no folder: the lock, which is made next, says which.
      if error.errno == ENOENT || error.errno == ENOTDIR { return nil }
      throw cannotOpen(path, errno: error.errno)
    }
  }

  private static func status(of path: String) throws(LedgerError) -> FileStatus {
    guard let status = try statusIfAny(path) else { throw cannotOpen(path, errno: ENOENT) }
    return status
  }

  private static func check(_ status: FileStatus, path: String) throws(LedgerError) {
    if let fault = status.fault(rootMayOwn: true) { throw refusal(fault, path: path) }
  }

  private static func cannotOpen(_ path: String, errno code: Int32) -> LedgerError {
    LedgerError(
      .notWritable, "cannot open the database \(path): \(describe(errno: code)); name another file with --database")
  }

  /// Refuses what SQLite left beside the file, or what somebody put there for it, where it is not this user's alone: SQLite
  /// replays a journal into the database, and shares its memory through the -shm file.
  static func checkCompanions(of path: String) throws(LedgerError) {
    for suffix in ["-wal", "-shm", "-journal"] {
      guard let fault = try statusIfAny(path + suffix)?.fault(rootMayOwn: true) else { continue }
      let remedy =
        switch fault {
        case .symbolicLink, .notRegular: "move it away"
        case .owner: "give it to this user with chown if it is the ledger's, or move it away"
        case .names: "remove all names but this one"
        case .writableByAll: "look whether somebody wrote it, then take the permission away: chmod o-w \(path + suffix)"
        }
      throw LedgerError(.notALedger, "cannot use \(path): \(path + suffix) is in the way, \(fault); \(remedy)")
    }
  }

  private static func refusal(_ fault: FileFault, path: String) -> LedgerError {
    let remedy =
      switch fault {
      case .symbolicLink: "name the file that it leads to with --database"
      case .notRegular: "name a file with --database"
      case .owner: "start fairleadd as the file's user, or give it to this one with chown"
      case .names: "remove all but one, or use a copy"
      case .writableByAll: "look whether somebody wrote it, then take the permission away: chmod o-w \(path)"
      }
    return LedgerError(.notALedger, "cannot use \(path): \(fault); \(remedy)")
  }
}
