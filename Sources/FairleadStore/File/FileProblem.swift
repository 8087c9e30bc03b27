// What can become of the ledger's files while they are open, in words: what happened, and what to do.

internal import FairleadModel
internal import Glibc

/// A way in which the files at the ledger's paths are no longer the ones that were opened.
enum FileProblem: Hashable {
  /// The database has no name at its path. `at` is where it is now; `nil` where it was deleted.
  case gone(at: String?)
  /// The database is where it was, and this process can no longer see it there.
  case unreachable
  /// Another file is at the database's path. `at` is where the opened one is.
  case replaced(at: String?)
  /// The file with this suffix is shorter than what is in it.
  case truncated(suffix: String, size: Int, needed: Int)
  /// The write-ahead log has no name at its path, or another file has it.
  case walGone(isReplaced: Bool)
  /// The same of the memory that SQLite's connections share.
  case shmGone(isReplaced: Bool)
  case shmTruncated
  /// The database was written by something that is not SQLite.
  case overwritten
  /// The same of the write-ahead log: it is not the one that the shared memory tells of.
  case walOverwritten
  /// The same of the shared memory: it tells of another write-ahead log.
  case shmOverwritten
  /// The files were away, and are no longer as they were left.
  case changedMeanwhile
  /// The database has further names.
  case linked(names: Int)

  /// Whether no change may be taken: its acknowledgement could be worth nothing.
  var blocksWrites: Bool { if case .linked = self { false } else { true } }

  /// Whether what is in the write-ahead log can be moved into the database: both are whole as far as their lengths tell. Where
  /// only the shared memory is gone, the log is still beside the database for the next start, and another program that made
  /// shared memory of its own may be doing the same.
  static func allowRescue(_ problems: [FileProblem]) -> Bool {
    var (isWALGone, isSHMGone) = (false, false)
    for problem in problems {
      switch problem {
      case .gone, .unreachable, .replaced, .linked: continue
      case .walGone: isWALGone = true
      case .shmGone: isSHMGone = true
      case .truncated, .shmTruncated, .overwritten, .walOverwritten, .shmOverwritten, .changedMeanwhile: return false
      }
    }
    return isWALGone || !isSHMGone
  }
}

extension FileProblem {
  var code: HealthCode {
    switch self {
    case .gone, .unreachable: .fileGone
    case .replaced, .overwritten, .changedMeanwhile: .fileReplaced
    case .truncated(let suffix, _, _): suffix.isEmpty ? .fileTruncated : .walGone
    case .walGone, .walOverwritten: .walGone
    case .shmGone, .shmTruncated, .shmOverwritten: .shmGone
    case .linked: .fileLinked
    }
  }

  /// The codes that only this raises.
  static let codes: [HealthCode] = [.fileGone, .fileReplaced, .fileTruncated, .walGone, .shmGone, .fileLinked]

  /// What happened, as a clause. `path` is the database's.
  func text(path: String) -> String {
    switch self {
    case .gone(let place): "\(path) was \(place.map { "moved, and is at \($0) now" } ?? "deleted while it was in use")"
    case .unreachable: "\(path) can no longer be seen, since a folder on the way to it is closed to fairleadd"
    case .replaced(let place):
      "another file was put at \(path); the ledger in use \(place.map { "is at \($0) now" } ?? "has no name any more")"
    case .truncated(let suffix, let size, let needed):
      "\(path)\(suffix) was truncated while it was in use: it has \(size) bytes, and its content needs \(needed)"
    case .walGone(let isReplaced):
      "\(path)-wal, the write-ahead log, was \(isReplaced ? "replaced" : "taken away") while it was in use"
    case .shmGone(let isReplaced): "\(path)-shm was \(isReplaced ? "replaced" : "taken away") while it was in use"
    case .shmTruncated: "\(path)-shm was truncated while it was in use"
    case .overwritten: "\(path) was written by a program that is not SQLite, as when a copy is put over it"
    case .walOverwritten:
      "\(path)-wal, the write-ahead log, was written by a program that is not SQLite, as when a copy is put over it"
    case .shmOverwritten:
      "\(path)-shm was written by a program that is not SQLite, as when a copy is put over it"
    case .changedMeanwhile: "\(path) was away and is back, but was changed meanwhile"
    case .linked(let names): "\(path) has got \(names - 1) more name\(names == 2 ? "" : "s") (hard links)"
    }
  }

  /// What a person can do. `descriptor` is this process's own of the database.
  func remedy(path: String, descriptor: CInt) -> String {
    let copy = "/proc/\(getpid())/fd/\(descriptor)"
    return switch self {
    case .gone(let place?): "move it back, mv \(place) \(path), and changes are taken again by themselves"
    case .replaced(let place?):
      "move the right one back, mv \(place) \(path), and changes are taken again by themselves; or, if the new file is the "
        + "right one, restart fairleadd"
    case .unreachable: "give fairleadd the right to search that folder, and changes are taken again by themselves"
    case .gone(nil), .replaced(nil):
      "stop fairleadd in order, not with kill -9: it saves everything that was acknowledged beside \(path), and says as which "
        + "file; until then it is in \(copy)"
    case .truncated, .walOverwritten:
      "save what 'fairlead log -o json' still shows; then stop fairleadd, move \(path)-wal away, put a backup at "
        + "\(path), and start it"
    case .walGone, .shmGone, .shmTruncated, .shmOverwritten: "restart fairleadd; what was acknowledged is kept"
    case .overwritten:
      "save what 'fairlead log -o json' still shows; then stop fairleadd, move \(path)-wal away, make sure that the right "
        + "content is in \(path), and start it"
    case .changedMeanwhile: "stop fairleadd, make sure that the right file is at \(path), and start it"
    case .linked: "remove the other names; under one of them another program would not see the write-ahead log"
    }
  }

  /// The same once this process has ended and left the files as they are.
  func remedyAfterEnd(path: String) -> String {
    switch self {
    case .walOverwritten:
      "before the next start, copy all files of it, move \(path)-wal away, which SQLite would mix into the database, and put a "
        + "backup at \(path)"
    case .shmOverwritten: "keep \(path) and \(path)-wal together: SQLite makes \(path)-shm anew from them"
    default: "look at the files before the next start"
    }
  }
}
