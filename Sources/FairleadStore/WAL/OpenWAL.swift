// The WAL of a ledger that is open for writing: what it holds, and its checkpoints.

internal import LinuxSupport

struct OpenWAL: Sendable {
  let index: WALIndex
  let checkpointer: Checkpointer

  /// The WAL of the database at `path`, which must be open in SQLite. `reads` are the daemon's own.
  init(database path: String, reads: ReadsUnderWay) throws(SystemError) {
    index = try WALIndex(database: path)
    checkpointer = Checkpointer(
      index: index, reads: reads,
      schedule: CheckpointSchedule(pages: StoreLimits.walCheckpointPages, bound: StoreLimits.walPages),
      busyMilliseconds: CInt(StoreLimits.writeWaitSeconds * 1000),
      finishMilliseconds: StoreLimits.closeWaitMilliseconds)
  }
}
