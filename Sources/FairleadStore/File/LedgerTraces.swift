// What is left of a ledger whose file is gone.

internal import LinuxSupport

/// A new ledger in the place of one that was lost would hide the loss, so it takes a person who says so.
enum LedgerTraces {
  /// What tells that a ledger was at `path`, as the subject of a sentence; `nil` where nothing does.
  static func description(at path: String) -> String? {
    if let size = try? FileStatus(path: path + "-wal").size, size > 0 {
      return
        "\(path)-wal, the write-ahead log of an earlier ledger, is there with \(size) bytes; put that ledger's own file back; "
        + "or move \(path)-wal away first, and then put a backup there"
    }
    let mark = AcknowledgedMark(note: FileLock.note(at: path + ".lock"))
    return mark.namesLedger
      ? "\(path).lock tells of an earlier ledger with \(mark.seq) changes; put it or a backup of it back" : nil
  }

  /// Keeps an earlier ledger's write-ahead log under another name, which is returned: SQLite deletes one that it finds beside
  /// a new database, and it may hold changes that are nowhere else.
  static func putAside(at path: String) throws(LedgerError) -> String? {
    guard let size = try? FileStatus(path: path + "-wal").size, size > 0 else { return nil }
    for number in 1... {
      let name = "\(path)-wal.earlier-\(number)"
      guard (try? FileStatus(path: name)) == nil else { continue }
      do throws(SystemError) {
        try rename(path + "-wal", to: name)
      } catch {
        throw LedgerError(.notWritable, "cannot move \(path)-wal to \(name): \(error); move it away by hand")
      }
      return name
    }
    return nil
  }
}
