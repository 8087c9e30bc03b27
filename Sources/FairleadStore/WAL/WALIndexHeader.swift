// What the shared memory says of the write-ahead log: how many frames it has, and how the last one begins.

internal import Glibc
internal import LinuxSupport

/// The header of the WAL-index, and how much of the log is in the database.
///
/// Source: sqlite.org/walformat.html, 2.1 and 2.2. Its numbers are in the machine's order; the salts are copied as they are in the
/// write-ahead log.
struct WALIndexHeader: Hashable {
  /// Whether both copies of the header are the same: they differ while SQLite writes them.
  let isWhole: Bool
  /// Counts commits.
  let commits: UInt32
  /// Frames of the log up to the last commit's.
  let frames: Int
  let pageSize: Int
  /// How the last of them begins.
  let last: WALFrameHeader
  /// How many of them are in the database.
  let checkpointed: UInt32
  /// How many of them a checkpoint that was begun last was to bring there. SQLite notes it before it writes the database.
  let attempted: UInt32

  var salts: UInt64 { last.salts }
  var checkpoint: CheckpointMark { CheckpointMark(salts: salts, frames: checkpointed, attempted: attempted) }

  /// As the file has it; `nil` where that is too short.
  init?(descriptor: CInt) {
    // On the stack: this is read several times with each commit.
    let header = withUnsafeTemporaryAllocation(byteCount: 132, alignment: 8) { bytes -> WALIndexHeader? in
      let count = retryingInterrupts { pread(descriptor, bytes.baseAddress, bytes.count, 0) }
      guard count == bytes.count else { return nil }
      return WALIndexHeader(UnsafeRawBufferPointer(bytes))
    }
    guard let header else { return nil }
    self = header
  }

  private init(_ bytes: UnsafeRawBufferPointer) {
    isWhole = bytes[..<48].elementsEqual(bytes[48..<96])
    commits = bytes.load(fromByteOffset: 8, as: UInt32.self)
    let size = Int(bytes.load(fromByteOffset: 14, as: UInt16.self))
    pageSize = size == 1 ? 65_536 : size
    frames = Int(bytes.load(fromByteOffset: 16, as: UInt32.self))
    last = WALFrameHeader(
      pagesAfterCommit: bytes.load(fromByteOffset: 20, as: UInt32.self),
      salts: bytes.load(fromByteOffset: 32, as: UInt64.self),
      checksums: UInt64(bytes.load(fromByteOffset: 24, as: UInt32.self)) << 32
        | UInt64(bytes.load(fromByteOffset: 28, as: UInt32.self)))
    checkpointed = bytes.load(fromByteOffset: 96, as: UInt32.self)
    attempted = bytes.load(fromByteOffset: 128, as: UInt32.self)
  }

  /// Bytes of the log with that many frames: a header of 32 bytes, and a page with one of 24 for each frame.
  func size(of frames: Int) -> Int { frames == 0 ? 0 : 32 + frames * (24 + pageSize) }
}

/// What every checkpoint that writes the database changes, also one that is ended in the middle of it.
struct CheckpointMark: Hashable {
  /// Both salts of the write-ahead log, which change where the count of frames begins anew.
  let salts: UInt64
  /// How many frames are in the database.
  let frames: UInt32
  /// How many the last checkpoint was to bring there.
  let attempted: UInt32
}

/// How a frame of the write-ahead log begins, but for the number of its page. Source: the same, 1.3.
struct WALFrameHeader: Hashable {
  /// Pages of the database after the commit that ends with this frame; 0 in every other frame.
  let pagesAfterCommit: UInt32
  /// Both salts, as they are in the file. They differ from each time that the log is begun anew to the next.
  let salts: UInt64
  /// Both checksums of everything up to the end of the frame.
  let checksums: UInt64
}

extension WALFrameHeader {
  /// The header at `offset` of a write-ahead log; `nil` where the file ends before it or cannot be read.
  init?(descriptor: CInt, at offset: Int) {
    let header = withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { bytes -> WALFrameHeader? in
      guard pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset)) == bytes.count else { return nil }
      return WALFrameHeader(
        pagesAfterCommit: UInt32(bigEndian: bytes.load(fromByteOffset: 4, as: UInt32.self)),
        salts: bytes.load(fromByteOffset: 8, as: UInt64.self),
        checksums: UInt64(bigEndian: bytes.load(fromByteOffset: 16, as: UInt64.self)))
    }
    guard let header else { return nil }
    self = header
  }
}
