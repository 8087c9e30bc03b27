// What SQLite itself keeps about the database and its write-ahead log: how long they have to be, and the last checkpoint.

internal import Glibc
internal import LinuxSupport

extension FileWatch {
  /// Bytes of the database by its own header: the page size times the number of pages; `nil` where it has no header any more.
  /// A checkpoint writes the header first, lengthens the file then, and shortens it last, so a file that has become shorter is
  /// never shorter than this. Source: sqlite.org/fileformat2.html, 1.3.
  var databaseSizeInHeader: Int? {
    guard let bytes = read(database, count: 100), bytes.starts(with: "SQLite format 3\0".utf8) else { return nil }
    let pageSize = Int(bytes[16]) << 8 | Int(bytes[17])
    let pages = bytes[28..<32].reduce(0) { $0 << 8 | Int($1) }
    return (pageSize == 1 ? 65_536 : pageSize) * pages
  }

  /// The write-ahead log, where it is shorter than the frames that the shared memory counts. A checkpoint that empties it, such
  /// as an auditor's, first sets that count to 0 and draws a new salt: only between two equal headers is the length judged.
  /// Source: sqlite.org/walformat.html, 2.1: the header's fields are in the machine's order.
  var truncatedWAL: FileProblem? {
    guard let before = read(shm, count: 48), let size = try? FileStatus(descriptor: wal.descriptor).size,
      before == read(shm, count: 48)
    else { return nil }
    let (pageSize, frames) = before.withUnsafeBytes { header in
      (
        Int(header.loadUnaligned(fromByteOffset: 14, as: UInt16.self)),
        Int(header.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
      )
    }
    let needed = frames == 0 ? 0 : 32 + frames * (24 + (pageSize == 1 ? 65_536 : pageSize))
    return size < needed ? .truncated(suffix: "-wal", size: size, needed: needed) : nil
  }

  private func read(_ file: Watched, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(file.descriptor, &bytes, count, 0) == count ? bytes : nil
  }

  /// What every checkpoint that writes the database changes. Source: sqlite.org/walformat.html, 2.1 and 2.2.
  struct CheckpointMark: Hashable {
    /// Both salts of the write-ahead log, which change where the count of frames begins anew.
    let salts: UInt64
    /// How many frames are in the database.
    let frames: UInt32

    /// As the shared memory has it; `nil` where that is too short.
    init?(descriptor: CInt) {
      // On the stack: this is read twice with each commit.
      let mark = withUnsafeTemporaryAllocation(byteCount: 100, alignment: 8) { bytes -> (UInt64, UInt32)? in
        guard pread(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count else { return nil }
        return (bytes.load(fromByteOffset: 32, as: UInt64.self), bytes.load(fromByteOffset: 96, as: UInt32.self))
      }
      guard let mark else { return nil }
      (salts, frames) = mark
    }
  }

  var checkpointMark: CheckpointMark? { CheckpointMark(descriptor: shm.descriptor) }

  /// Whether another program runs a checkpoint now. Source: the same, 2.3: WAL_CKPT_LOCK.
  var isCheckpointedByOthers: Bool { lockHolder(of: 121..<122, in: shm.descriptor) != nil }

  /// When the database was written last, and the mark of the last checkpoint by then.
  struct Content: Hashable {
    var modified: FileStatus.Moment?
    var checkpoint: CheckpointMark?
  }

  /// As it is now.
  var content: Content {
    Content(modified: (try? FileStatus(descriptor: descriptor).modified), checkpoint: checkpointMark)
  }
}
