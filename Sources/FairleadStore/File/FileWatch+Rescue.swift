// How far it has come to save what the write-ahead log of changed files holds, as the watch remembers it.

internal import LinuxSupport
internal import Synchronization

extension FileWatch {
  /// Whether what is in the write-ahead log has to be moved into the database, so that it survives the end of this process and
  /// is not replayed into another file at the path.
  var isRescueDue: Bool {
    state.withLock { state in
      state.rescue != .emptied && state.problems.contains(where: \.blocksWrites)
        && FileProblem.allowRescue(state.problems)
    }
  }

  /// Says how far the rescue has come, after SQLite has written. Returns whether that is news.
  func noteRescue(_ rescue: Rescue) -> Bool {
    state.withLock { state in
      state.left = stamps
      defer { state.rescue = rescue }
      return state.rescue != rescue
    }
  }

  /// Whether everything that was committed is in the database's own file, and that file is at its path.
  var isKept: Bool {
    state.withLock { state in
      let isInPlace = state.problems.allSatisfy {
        switch $0 {
        case .walGone, .shmGone, .linked: true
        case .gone, .unreachable, .replaced, .truncated, .shmTruncated, .overwritten, .walOverwritten, .shmOverwritten,
          .changedMeanwhile:
          false
        }
      }
      return isInPlace && (state.rescue == .saved || state.rescue == .emptied)
    }
  }

  /// Whether the database has everything that was committed.
  var isSaved: Bool { state.withLock { $0.rescue == .saved || $0.rescue == .emptied } }

  /// Whether the database has no name any more, so that it ends with this process.
  var isNameless: Bool { (try? FileStatus(descriptor: descriptor))?.names == 0 }
}
