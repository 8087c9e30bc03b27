// Whether the write-ahead log is the one that the shared memory tells of: its length, its salts, and its frames.

internal import Glibc
internal import LinuxSupport
internal import Synchronization

/// SQLite looks at a frame's salts and checksums only when it recovers a log. While the database is open it believes the shared
/// memory, and reads and moves whatever is in the log by then.
///
/// A frame up to the last commit's is never written again. Whoever begins the log anew, or empties it, first sets the count of
/// frames to 0 in the shared memory and draws a new salt, and only then writes the log; the first commit counts its frames when
/// they are written. So a log is judged only where the shared memory says the same before and after.
extension FileWatch {
  var walIndexHeader: WALIndexHeader? { WALIndexHeader(descriptor: shm.descriptor) }

  /// What is wrong with the write-ahead log of `size` bytes, by `index`, which was read before that. Two calls of the kernel where
  /// nothing is. Its times are not asked for, which would cost each commit more: see `NamedFile`.
  func damage(toWALOf size: Int, by index: WALIndexHeader, _ state: inout State) -> FileProblem? {
    guard index.isWhole, index.frames > 0 else { return nil }
    let needed = index.size(of: index.frames)
    if size >= needed, hasFrames(of: index) {
      state.lastIndex = index
      return nil
    }
    // The shared memory of another log, where the log is still the one of the last look.
    let isOtherIndex = state.lastIndex.map { $0.salts != index.salts && hasFrames(of: $0) } ?? false
    guard walIndexHeader == index else { return nil }
    if size < needed { return .truncated(suffix: "-wal", size: size, needed: needed) }
    return isOtherIndex ? .shmOverwritten : .walOverwritten
  }

  /// Whether the log has the salts of `index`, and its last frame.
  private func hasFrames(of index: WALIndexHeader) -> Bool {
    guard let salts = walSalts, let last = frame(index.frames, index) else { return false }
    return salts == index.salts && last == index.last
  }

  /// Both salts of the log's own header. Source: sqlite.org/walformat.html, 1.2.
  private var walSalts: UInt64? {
    var salts: UInt64 = 0
    return pread(wal.descriptor, &salts, 8, 16) == 8 ? salts : nil
  }

  private func frame(_ number: Int, _ index: WALIndexHeader) -> WALFrameHeader? {
    WALFrameHeader(descriptor: wal.descriptor, at: index.size(of: number) - index.pageSize - 24)
  }

  /// Looks at every frame that a checkpoint would move: one of another log, or of none, would be copied into the database as it
  /// is. Returns whether there is one, which `look` has from then on. To be called by the thread that writes, between two
  /// transactions.
  func findForeignFrame() -> Bool {
    guard let index = walIndexHeader, index.isWhole, hasForeignFrame(index) else { return false }
    // Another program that began the log anew meanwhile has moved everything before.
    guard let now = walIndexHeader, now.isWhole, now.frames > 0, now.salts == index.salts else { return false }
    state.withLock { $0.lasting = $0.lasting ?? .walOverwritten }
    return true
  }

  /// Whether a frame that is to be moved has other salts than `index`.
  ///
  /// Frames are read many at a time, with their pages: a call of the kernel for each header took three times as long, and 3 % of
  /// the time of the thread that writes.
  private func hasForeignFrame(_ index: WALIndexHeader) -> Bool {
    let frameBytes = 24 + index.pageSize
    let atOnce = max(1, (256 << 10) / frameBytes)
    var number = Int(index.checkpointed) + 1
    return withUnsafeTemporaryAllocation(byteCount: atOnce * frameBytes, alignment: 8) { buffer in
      while number <= index.frames {
        let count = min(atOnce, index.frames - number + 1)
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * frameBytes)])
        let isRead = wholeRead(wal.descriptor, bytes, at: index.size(of: number) - frameBytes)
        for place in 0..<count {
          // One that cannot be read by itself either is judged by whoever needs it.
          let salts =
            isRead
            ? bytes.loadUnaligned(fromByteOffset: place * frameBytes + 8, as: UInt64.self)
            : frame(number + place, index)?.salts
          if let salts, salts != index.salts { return true }
        }
        number += count
      }
      return false
    }
  }
}

/// Fills `bytes` from `offset` of the file; `false` where it ends before, or cannot be read.
private func wholeRead(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
  var done = 0
  while done < bytes.count {
    let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
    let count = retryingInterrupts { pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done)) }
    guard count > 0 else { return false }
    done += count
  }
  return true
}
