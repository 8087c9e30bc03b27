// Keeps a copy of a ledger beside it before a migration: the only way back to an older daemon.

internal import GRDB
internal import Glibc
internal import LinuxSupport

/// `fairlead.db.schema-2` beside `fairlead.db`. The name appears once the copy is complete and durable: it is written under
/// another name first, so that no half copy is taken for a whole one after a kill or a power cut.
struct UpgradeCopy {
  let path: String
  let copy: String
  private var partial: String { copy + ".partial" }

  /// Room that is left for the migration itself and what the system needs.
  private static let reserve = 16 << 20

  /// Of the ledger at `path`, whose schema has this version.
  init(of path: String, schema: Int) {
    self.path = path
    copy = "\(path).schema-\(schema)"
  }

  /// Keeps the copy, or says why there is none. The migration does not depend on it: that is one transaction, and where it fails
  /// the ledger is as it was.
  func keep(_ pool: DatabasePool, log: (String) -> Void) {
    do {
      let size = try pool.read { try $0.number("PRAGMA page_count") * $0.number("PRAGMA page_size") }
      guard freeBytes(path: path) >= size + Self.reserve else {
        log("no copy of it is kept: it takes \(Self.megabytes(size)), and the disk has too little room for that")
        return
      }
      try write(pool)
      log("a copy of it as it is now is kept as \(copy); remove it once you need no way back")
    } catch {
      unlink(partial)
      log("no copy of it is kept: \((error as? CopyFailure)?.reason ?? LedgerError(using: path, error).message)")
    }
  }

  private func write(_ pool: DatabasePool) throws {
    // What an earlier try left.
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(partial + suffix) }
    let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw CopyFailure("create", partial) }
    defer { close(descriptor) }
    let target = try DatabaseQueue(path: partial)
    do {
      try pool.backup(to: target)
      try target.close()
    } catch {
      try? target.close()
      throw error
    }
    guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw CopyFailure("write", partial) }
    guard rename(partial, copy) == 0 else { throw CopyFailure("name", copy) }
    try Self.syncFolder(of: copy)
  }

  /// Makes the name durable.
  private static func syncFolder(of path: String) throws {
    let folder = folder(of: path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CopyFailure("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw CopyFailure("write", folder) }
  }

  private static func megabytes(_ bytes: Int) -> String { "\((bytes >> 20) + 1) MB" }
}

/// A system call that failed while the copy was written.
private struct CopyFailure: Error {
  let reason: String

  init(_ verb: String, _ path: String) { reason = "cannot \(verb) \(path): \(describe(errno: errno))" }
}
