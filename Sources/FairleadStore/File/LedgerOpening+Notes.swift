// What a person should know about a ledger that is opened: what is missing from it, and who else may use its files.

internal import FairleadModel
internal import Glibc
internal import LinuxSupport

extension LedgerOpening {
  /// Compares where the log ends with what the lock file remembers.
  func mark(_ lastSeq: Int, _ lock: FileLock?, _ handle: DatabaseHandle) -> AcknowledgedMark {
    // A ledger that was just begun has lost nothing.
    let before = handle.status.size == 0 ? AcknowledgedMark() : AcknowledgedMark(note: lock?.note ?? "")
    let mark = before.opened(at: lastSeq)
    if mark != before || mark.seq == 0 { lock?.write(note: mark.note) }
    if let missing = mark.missing {
      health.raise(
        .changesMissing,
        "changes \(missing.lowerBound) to \(missing.upperBound) of \(path) were acknowledged once and are not in its log",
        remedy:
          "stop fairleadd and put a newer backup in place; or, to go on without them, stop it, remove \(path).lock, and "
          + "start it")
    }
    return mark
  }

  /// Says who else may put files into the folder.
  func noteFolder() {
    let folder = LinuxSupport.folder(of: path)
    // A link to a folder is the folder that it leads to.
    guard let status = try? FileStatus(path: resolved(folder)), !status.isSticky else { return }
    if status.owner != geteuid(), status.owner != 0 {
      log(
        "the user \(userName(of: status.owner)) owns \(folder), and may remove and replace files in it; give it to root or to this user"
      )
    }
    if status.everyoneMayWrite || status.groupMayWrite {
      log(
        "\(status.everyoneMayWrite ? "every user" : "the group \(status.group)") may remove and replace files in \(folder); "
          + "take the permission away: chmod go-w \(folder)")
    }
  }

  /// Says who else may read and write a ledger that was there already: its mode is left as it is.
  func noteReaders(_ status: FileStatus) {
    if status.everyoneMayRead || status.groupMayRead {
      log(
        "\(status.everyoneMayRead ? "every user" : "the group \(status.group)") may read \(path), and hold up changes with "
          + "locks on it; if that is not meant: chmod go-r \(path) \(path)-wal \(path)-shm")
    }
    if status.groupMayWrite {
      log(
        "the group \(status.group) may write \(path), and with it the history; if that is not meant: chmod g-w \(path)*"
      )
    }
  }
}
