// When a WAL checkpoint is worth its cost, and when the writer may wait for the daemon's own reads: a value.

struct CheckpointSchedule {
  /// Frames after which a checkpoint is due.
  let pages: Int
  /// Frames from which on the WAL is to be begun anew, for which the writer waits for the daemon's own reads.
  let bound: Int

  /// The WAL as it was seen last, to notice that it was begun anew.
  private var lastWritten = 0
  /// Frames at which it is worth to try again.
  private var nextCheckpoint = 0
  private var nextRestart = 0
  private var failedRestarts = 0

  init(pages: Int, bound: Int) {
    self.pages = pages
    self.bound = bound
  }

  /// Whether to run a checkpoint now. After one that could not be complete, only once as many frames again are written.
  mutating func isCheckpointDue(_ frames: WALFrames) -> Bool {
    if frames.written < lastWritten { begunAnew() }
    lastWritten = frames.written
    return frames.written >= nextCheckpoint && (frames.waiting >= pages || frames.written >= bound)
  }

  /// Milliseconds for which the writer may wait, twice, for the daemon's own reads, so that the WAL is begun anew; `nil` where it
  /// is not too long, or where that failed lately.
  ///
  /// These reads end within some ten milliseconds. Where they do not, the WAL has grown to several times its bound, and a pause of changes
  /// that a person notices is better than a full disk.
  func waitsForReads(_ frames: WALFrames) -> Int? {
    guard frames.written >= bound, frames.written >= nextRestart else { return nil }
    switch frames.written / bound {
    case 1: return 100
    case 2, 3: return 500
    // As long as a change waits for another program.
    default: return 3000
    }
  }

  /// A checkpoint has run; `frames` is what it left.
  mutating func hasRun(_ frames: WALFrames) {
    if frames.written < lastWritten { begunAnew() }
    lastWritten = frames.written
    nextCheckpoint = frames.written + pages
  }

  /// The writer has waited, and the WAL could not be begun anew: the next attempt is twice as many frames away, up to eight times.
  mutating func restartHasFailed(_ frames: WALFrames) {
    failedRestarts = min(failedRestarts + 1, 3)
    nextRestart = frames.written + pages << failedRestarts
  }

  private mutating func begunAnew() {
    nextCheckpoint = 0
    nextRestart = 0
    failedRestarts = 0
  }
}
