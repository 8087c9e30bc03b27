// Whether the ledger's files are still those that were opened: asked before each acknowledgement and twice a second.

internal import Glibc
internal import LinuxSupport
internal import Synchronization

/// Compares device, inode, number of names and length of the database, its write-ahead log and its shared memory with what was
/// opened: three lstat(2), a few microseconds.
///
/// Its descriptors stay open until SQLite has closed the files: closing one would drop SQLite's locks (see `DatabaseHandle`).
final class FileWatch: Sendable {
  let path: String
  let descriptor: CInt
  let database: Watched
  let wal: Watched
  let shm: Watched
  private let state: Mutex<State>

  /// A file that SQLite has open.
  struct Watched {
    let path: String
    let descriptor: CInt
    let identity: FileIdentity
  }

  private struct State {
    var problems: [FileProblem] = []
    /// The lengths that were seen last. Only a file that has become shorter is looked into.
    var sizes: Sizes
    /// Does not go away by itself.
    var lasting: FileProblem?
    /// While a problem holds: what became of the write-ahead log's content.
    var rescue = Rescue.due
    /// While a problem holds: the database and the write-ahead log as the daemon left them.
    var left: [Stamp?] = []
  }

  private struct Sizes {
    var database: Int
    var wal: Int
    var shm: Int
  }

  /// When a file was written last, and how long it is.
  private struct Stamp: Hashable {
    let modified: FileStatus.Moment
    let size: Int
  }

  /// Begins to watch the files of a ledger that SQLite has opened. Throws where they are not this user's alone, or the database
  /// is no longer the one of `handle`.
  init(path: String, handle: DatabaseHandle) throws(LedgerError) {
    self.path = path
    descriptor = handle.descriptor
    let wal = try Self.open(path + "-wal")
    let shm = try Self.open(path + "-shm")
    (self.wal, self.shm) = (wal.file, shm.file)
    database = Watched(path: path, descriptor: handle.descriptor, identity: handle.identity)
    guard let status = try DatabaseHandle.statusIfAny(path), status.identity == handle.identity else {
      throw LedgerError(
        .notWritable, "cannot use \(path): another file took its place while it was being opened; start fairleadd again"
      )
    }
    state = Mutex(State(sizes: Sizes(database: status.size, wal: wal.size, shm: shm.size)))
  }

  private static func open(_ path: String) throws(LedgerError) -> (file: Watched, size: Int) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0, let status = try? FileStatus(descriptor: descriptor) else {
      throw LedgerError(
        .notWritable,
        "cannot use \(path), which SQLite has just opened: \(describe(errno: errno)); start fairleadd again")
    }
    return (Watched(path: path, descriptor: descriptor, identity: status.identity), status.size)
  }

  /// To be called once, and only after SQLite has closed the files. The database's own descriptor is its handle's.
  func close() {
    Glibc.close(wal.descriptor)
    Glibc.close(shm.descriptor)
  }

  // MARK: Looking

  /// What is wrong now, worst first; and whether that is different from what the last call found.
  func look() -> (problems: [FileProblem], isNew: Bool) {
    let found = (
      database: try? FileStatus(path: database.path), wal: try? FileStatus(path: wal.path),
      shm: try? FileStatus(path: shm.path)
    )
    return state.withLock { state in
      var problems: [FileProblem] = []
      if let status = found.database, status.identity == database.identity {
        if status.names > 1 { problems.append(.linked(names: status.names)) }
        if status.size < state.sizes.database {
          let needed = databaseSizeInHeader ?? state.sizes.database
          if status.size < needed { state.lasting = .truncated(suffix: "", size: status.size, needed: needed) }
        }
        state.sizes.database = status.size
      } else {
        problems.append(loss(isReplaced: found.database != nil))
      }
      if let status = found.wal, status.identity == wal.identity {
        // Without the shared memory that others use too, nobody knows how long it has to be: they may have emptied it.
        if status.size < state.sizes.wal, found.shm?.identity == shm.identity, let cut = truncatedWAL {
          state.lasting = cut
        }
        state.sizes.wal = status.size
      } else {
        problems.append(.walGone(isReplaced: found.wal != nil))
      }
      if let status = found.shm, status.identity == shm.identity {
        if status.size < state.sizes.shm { state.lasting = .shmTruncated }
        state.sizes.shm = max(state.sizes.shm, status.size)
      } else {
        problems.append(.shmGone(isReplaced: found.shm != nil))
      }
      if let lasting = state.lasting { problems.insert(lasting, at: 0) }
      return (problems.isEmpty && state.problems.isEmpty) ? ([], false) : settle(problems, &state)
    }
  }

  /// What became of the database, which is not at its path.
  private func loss(isReplaced: Bool) -> FileProblem {
    let place = currentPath(descriptor: database.descriptor)
    // The kernel still knows it by its path, so it is the way there that is closed.
    if !isReplaced, place == path { return .unreachable }
    return isReplaced ? .replaced(at: place) : .gone(at: place)
  }

  /// Takes over what was found. Files that are back have to be as they were left.
  private func settle(_ found: [FileProblem], _ state: inout State) -> (problems: [FileProblem], isNew: Bool) {
    var problems = found
    let wasBlocked = state.problems.contains(where: \.blocksWrites)
    let isBlocked = problems.contains(where: \.blocksWrites)
    if isBlocked, !wasBlocked {
      state.left = stamps
      state.rescue = .due
    } else if wasBlocked, !isBlocked, state.left != stamps {
      state.lasting = .changedMeanwhile
      problems.insert(.changedMeanwhile, at: 0)
    }
    defer { state.problems = problems }
    return (problems, state.problems != problems)
  }

  private var stamps: [Stamp?] {
    [database, wal].map { file in
      (try? FileStatus(descriptor: file.descriptor)).map { Stamp(modified: $0.modified, size: $0.size) }
    }
  }

  /// Whether SQLite may read the shared memory: beyond the end of its file, the kernel would end the process (SIGBUS).
  var isReadable: Bool {
    guard let size = try? FileStatus(descriptor: shm.descriptor).size else { return false }
    return size >= state.withLock { $0.sizes.shm }
  }

  /// What a write is refused with.
  func error(_ problem: FileProblem) -> LedgerError {
    LedgerError(
      .filesChanged,
      "cannot write the database \(path): \(problem.text(path: path)); \(problem.remedy(path: path, descriptor: descriptor))"
    )
  }

  // MARK: Rescue

  /// Whether what is in the write-ahead log has to be moved into the database, so that it survives the end of this process and
  /// is not replayed into another file at the path.
  var isRescueDue: Bool {
    state.withLock { $0.rescue != .emptied && !$0.problems.isEmpty && FileProblem.allowRescue($0.problems) }
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
        case .gone, .unreachable, .replaced, .truncated, .shmTruncated, .changedMeanwhile: false
        }
      }
      return isInPlace && (state.rescue == .saved || state.rescue == .emptied)
    }
  }

  /// Whether the database has everything that was committed.
  var isSaved: Bool { state.withLock { $0.rescue == .saved || $0.rescue == .emptied } }

  var walDescriptor: CInt { wal.descriptor }

  /// Whether the database has no name any more, so that it ends with this process.
  var isNameless: Bool { (try? FileStatus(descriptor: descriptor))?.names == 0 }
}

/// What became of the write-ahead log's content after the files were found changed.
enum Rescue: Hashable {
  case due
  case failed(String)
  /// The database has all of it.
  case saved
  /// The same, and the write-ahead log is empty.
  case emptied
}
