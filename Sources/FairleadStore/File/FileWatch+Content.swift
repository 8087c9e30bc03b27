// Whether the database was written by SQLite alone: how long it has to be, and the last checkpoint.

internal import Glibc
internal import LinuxSupport
internal import Synchronization

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

  private func read(_ file: Watched, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(file.descriptor, &bytes, count, 0) == count ? bytes : nil
  }

  /// Whether another program runs a checkpoint now. Source: sqlite.org/walformat.html, 2.3: WAL_CKPT_LOCK.
  var isCheckpointedByOthers: Bool { lockHolder(of: 121..<122, in: shm.descriptor) != nil }

  /// When the database was written last, and the mark of the last checkpoint by then.
  struct Content: Hashable {
    var modified: FileStatus.Moment?
    var checkpoint: CheckpointMark?
  }

  /// As it is now. The mark is read first: a checkpoint that ends between the two is explained by a later mark then.
  var content: Content {
    let mark = walIndexHeader?.checkpoint
    return Content(modified: (try? FileStatus(descriptor: descriptor).modified), checkpoint: mark)
  }

  /// Notices that the database was written by something that is not SQLite, such as a copy of a backup over it. SQLite writes it
  /// in WAL checkpoints alone, which leave their mark in the shared memory. A copy that came right after another program's
  /// checkpoint has its mark as well: whoever counts `foreignCheckpoints` looks into the log then.
  func lookAtContent(_ status: FileStatus, _ mark: CheckpointMark?, _ state: inout State) {
    guard state.lasting == nil, state.writers == 0 else { return }
    guard status.modified != state.content.modified else {
      // The next commit after a complete checkpoint changes the mark, too.
      state.content.checkpoint = mark
      return
    }
    // Another program that is at it has not left its mark yet. Asked before the mark is read, so that it has where it ended since.
    // One that has ended since the file's time was asked for may have written it again: the next look tells.
    guard !isCheckpointedByOthers, walIndexHeader?.checkpoint == mark else { return }
    guard mark == state.content.checkpoint else {
      state.content = Content(modified: status.modified, checkpoint: mark)
      foreignCheckpoints.wrappingAdd(1, ordering: .relaxed)
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
}
