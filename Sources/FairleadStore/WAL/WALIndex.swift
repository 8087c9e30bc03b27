// The WAL-index, the `-shm` file beside the database: how full the WAL is, and which other programs hold its locks.

internal import Glibc
internal import LinuxSupport

/// Reads the WAL-index with pread(2), which the kernel answers from the memory that SQLite maps: microseconds, no lock, and no
/// SIGBUS where another program has truncated the file.
///
/// Source: sqlite.org/walformat.html, section 2. The layout has not changed since WAL came with SQLite 3.7.0.
///
/// Closing a descriptor of this file drops every lock that SQLite holds on it in this process (fcntl(2)), so it is closed after
/// the last connection, and no other code of the daemon may open and close the file.
final class WALIndex: Sendable {
  private let descriptor: Int32

  /// The WAL-index of the database at `path`, which must be open in SQLite.
  init(database path: String) throws(SystemError) {
    descriptor = open(path + "-shm", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .last }
    leaveReadTimeAlone(descriptor)
  }

  /// To be called once, after the last connection of this process is closed.
  func close() { Glibc.close(descriptor) }

  /// What the WAL holds now; `nil` where the WAL-index is being made anew, or is damaged.
  func frames() -> WALFrames? {
    // The header stands there twice, so that a reader sees where it was written meanwhile.
    for _ in 0..<10 {
      guard let header = WALIndexHeader(descriptor: descriptor) else { return nil }
      guard header.isWhole else { continue }
      return WALFrames(written: header.frames, checkpointed: Int(header.checkpointed), commits: header.commits)
    }
    return nil
  }

  // MARK: Other programs

  /// Another program that holds the lock which a write transaction needs.
  func writer() -> OtherProgram? { holder(Lock.write) }

  /// Another program that keeps frames of `frames` from being checkpointed: one that runs a checkpoint itself, or else the
  /// reader with the oldest snapshot.
  func obstacle(to frames: WALFrames) -> WALObstacle? {
    guard frames.waiting > 0 else { return nil }
    if let program = holder(Lock.checkpoint) ?? holder(Lock.recover) { return .checkpoint(program) }
    // A reader of mark 0 reads the database file alone, so that no page of it may be replaced. One of another mark needs what
    // the file has up to that frame.
    var readers: [(through: Int, program: OtherProgram)] = []
    for (number, mark) in readMarks.enumerated() where number == 0 || mark < frames.written {
      guard let program = holder(Lock.reader(number)) else { continue }
      readers.append((number == 0 ? frames.checkpointed : Int(mark), program))
    }
    return readers.min { $0.through < $1.through }.map { .reader($0.program) }
  }

  /// The last frame that the readers of each of the five marks may see; empty where the file cannot be read.
  private var readMarks: [UInt32] {
    var marks = [UInt32](repeating: 0, count: 5)
    // Source: the same, 2.2. The numbers are in the machine's order.
    let count = marks.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 100) }
    return count == 20 ? marks : []
  }

  /// Another program that reads, whatever it sees.
  var reader: WALObstacle? {
    (0..<5).lazy.compactMap { self.holder(Lock.reader($0)) }.first.map { .reader($0) }
  }

  /// Whether another program has a lock that would keep the WAL from being begun anew.
  var isUsedByOthers: Bool { lockHolder(of: Lock.write..<Lock.end, in: descriptor) != nil }

  private func holder(_ byte: Int) -> OtherProgram? {
    lockHolder(of: byte..<byte + 1, in: descriptor).map { OtherProgram(pid: $0.pid, command: $0.command) }
  }

  /// The bytes that SQLite locks: section 2.3, WAL Locks.
  private enum Lock {
    static let write = 120
    static let checkpoint = 121
    static let recover = 122
    static let end = 128
    static func reader(_ number: Int) -> Int { 123 + number }
  }
}
