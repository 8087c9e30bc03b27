// Whether the ledger's files are still those that were opened: asked before each acknowledgement and twice a second.

internal import Glibc
internal import LinuxSupport
internal import Synchronization

/// Compares device, inode, number of names and length of the database, its write-ahead log and its shared memory with what was
/// opened: three calls of the kernel, a few microseconds.
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
    var content: Content
    /// How many parts of this process are about to write the database.
    var writers = 0
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
    state = Mutex(
      State(
        sizes: Sizes(database: status.size, wal: wal.size, shm: shm.size),
        content: Content(modified: status.modified, checkpoint: CheckpointMark(descriptor: shm.file.descriptor))))
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

  /// What is wrong now, worst first. `report` gets it where it is different from what the last call found. One look at a time: a
  /// look that is older than the state would see a file that has grown meanwhile as one that was cut.
  func look(_ report: ([FileProblem]) -> Void = { _ in }) -> [FileProblem] {
    state.withLock { state in
      // Before the file's time, so that what is written between the two is explained by a later mark.
      let mark = checkpointMark
      let found = (
        database: try? FileStatus(path: database.path), wal: try? NamedFile(path: wal.path),
        shm: try? NamedFile(path: shm.path)
      )
      var problems: [FileProblem] = []
      if let status = found.database, status.identity == database.identity {
        if status.names > 1 { problems.append(.linked(names: status.names)) }
        lookAtContent(status, mark, &state)
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
      guard !problems.isEmpty || !state.problems.isEmpty else { return [] }
      let (settled, isNew) = settle(problems, &state)
      if isNew { report(settled) }
      return settled
    }
  }

  /// Notices that the database was written by something that is not SQLite, such as a copy of a backup over it. SQLite writes it
  /// in WAL checkpoints alone, which leave their mark in the shared memory.
  private func lookAtContent(_ status: FileStatus, _ mark: CheckpointMark?, _ state: inout State) {
    guard state.lasting == nil, state.writers == 0 else { return }
    guard status.modified != state.content.modified else {
      // The next commit after a complete checkpoint changes the mark, too.
      state.content.checkpoint = mark
      return
    }
    // Another program that is at it has not left its mark yet. Asked before the mark is read, so that it has where it ended since.
    guard !isCheckpointedByOthers else { return }
    let content = Content(modified: status.modified, checkpoint: checkpointMark)
    guard content.checkpoint == state.content.checkpoint else {
      state.content = content
      return
    }
    state.lasting = .overwritten
  }

  /// Runs `body`, in which this process itself writes the database.
  func whileWriting<Value>(_ body: () throws -> Value) rethrows -> Value {
    state.withLock { $0.writers += 1 }
    defer {
      state.withLock { state in
        state.writers -= 1
        state.content = content
      }
    }
    return try body()
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
        case .gone, .unreachable, .replaced, .truncated, .shmTruncated, .overwritten, .changedMeanwhile: false
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
