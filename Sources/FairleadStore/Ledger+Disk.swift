// What the file system says about the ledger's files.

internal import Glibc

extension Ledger {
  /// The length of the WAL's file, which keeps its length after a WAL checkpoint.
  package var walBytes: Int {
    var status = stat()
    return stat(path + "-wal", &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether the file system has room for a change and what comes with it. A commit of one page may succeed in the last block, and
  /// a change of a few pages fail after it.
  package var hasRoom: Bool {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return false }
    // Blocks are kept back for the superuser.
    let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
    return Int(blocks) * Int(status.f_frsize) >= 256 << 10
  }
}
