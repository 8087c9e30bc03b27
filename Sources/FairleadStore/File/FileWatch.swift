// Whether the ledger's files are still those that were opened: asked before each acknowledgement and twice a second.

internal import Glibc
internal import LinuxSupport
internal import Synchronization

/// Compares device, inode, number of names and length of the database, its write-ahead log and its shared memory with what was
/// opened, and the write-ahead log with what the shared memory says of it: six calls of the kernel, a few microseconds.
///
/// Its descriptors stay open until SQLite has closed the files: closing one would drop SQLite's locks (see `DatabaseHandle`).
final class FileWatch: Sendable {
  let path: String
  let descriptor: CInt
  let database: Watched
  let wal: Watched
  let shm: Watched
  /// How often another program's checkpoint was taken for the reason why the database was written.
  let foreignCheckpoints = Atomic<Int>(0)
  let state: Mutex<State>

  /// A file that SQLite has open.
  struct Watched {
    let path: String
    let descriptor: CInt
    let identity: FileIdentity
  }

  struct State {
    var problems: [FileProblem] = []
    /// The lengths that were seen last. Only a database that has become shorter is looked into.
    var sizes: Sizes
    /// Does not go away by itself.
    var lasting: FileProblem?
    /// While a problem holds: what became of the write-ahead log's content.
    var rescue = Rescue.due
    /// While a problem holds: the database and the write-ahead log as the daemon left them.
    var left: [Stamp?] = []
    var content: Content
    /// What the shared memory said when the write-ahead log was last as it says.
    var lastIndex: WALIndexHeader?
    /// How many parts of this process are about to write the database.
    var writers = 0
  }

  struct Sizes {
    var database: Int
    var shm: Int
  }

  /// When a file was written last, and how long it is.
  struct Stamp: Hashable {
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
    let mark = WALIndexHeader(descriptor: shm.file.descriptor)?.checkpoint
    guard let status = try DatabaseHandle.statusIfAny(path), status.identity == handle.identity else {
      throw LedgerError(
        .notWritable, "cannot use \(path): another file took its place while it was being opened; start fairleadd again"
      )
    }
    state = Mutex(
      State(
        sizes: Sizes(database: status.size, shm: shm.size),
        content: Content(modified: status.modified, checkpoint: mark)))
  }

  private static func open(_ path: String) throws(LedgerError) -> (file: Watched, size: Int) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0, let status = try? FileStatus(descriptor: descriptor) else {
      throw LedgerError(
        .notWritable,
        "cannot use \(path), which SQLite has just opened: \(describe(errno: errno)); start fairleadd again")
    }
    leaveReadTimeAlone(descriptor)
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
      let index = walIndexHeader
      let found = (
        database: try? FileStatus(path: database.path), wal: try? NamedFile(path: wal.path),
        shm: try? NamedFile(path: shm.path)
      )
      var problems: [FileProblem] = []
      if let status = found.database, status.identity == database.identity {
        if status.names > 1 { problems.append(.linked(names: status.names)) }
        lookAtContent(status, index?.checkpoint, &state)
        if status.size < state.sizes.database {
          let needed = databaseSizeInHeader ?? state.sizes.database
          if status.size < needed { state.lasting = .truncated(suffix: "", size: status.size, needed: needed) }
        }
        state.sizes.database = status.size
      } else {
        problems.append(loss(isReplaced: found.database != nil))
      }
      if let status = found.wal, status.identity == wal.identity {
        // Without the shared memory that others use too, nobody knows what has to be in it: they may have emptied it.
        if state.lasting == nil, found.shm?.identity == shm.identity, let index {
          state.lasting = damage(toWALOf: status.size, by: index, &state)
        }
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

  var stamps: [Stamp?] {
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
}
