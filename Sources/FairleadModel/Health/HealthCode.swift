// Every condition that a person has to know about: the word that a program decides on, and what it means for changes.

/// A condition of the daemon or of its ledger. The raw value is `reasons[].code` of `registry.health`; it is part of the
/// protocol and never changes its meaning. The order of the cases is that of their gravity, the worst first.
package enum HealthCode: String, Sendable, Hashable, CaseIterable {
  /// Rows of the ledger contradict each other, or do not decode.
  case corrupt
  /// A table of the ledger has a trigger that is not Fairlead's.
  case foreignTrigger = "foreign-trigger"
  /// The ledger's file has been deleted.
  case fileGone = "file-gone"
  /// Another file is at the ledger's path.
  case fileReplaced = "file-replaced"
  /// The ledger's file is shorter than its header says.
  case fileTruncated = "file-truncated"
  /// The write-ahead log has been deleted, replaced or cut.
  case walGone = "wal-gone"
  /// The index of the write-ahead log has been deleted, replaced or cut.
  case shmGone = "shm-gone"
  /// A commit failed, and what it wrote could not be overwritten: it may be found after a restart.
  case commitUncertain = "commit-uncertain"
  /// A commit has been under way for too long.
  case commitStalled = "commit-stalled"
  /// The file or its folder may not be written.
  case notWritable = "not-writable"
  /// The disk has no room.
  case diskFull = "disk-full"
  /// The disk reported an error.
  case diskError = "disk-error"
  /// Another program holds the ledger's write lock.
  case locked
  /// The wall clock shows a time that the ledger cannot record.
  case clockInvalid = "clock-invalid"

  /// The log ends before a change that was acknowledged.
  case changesMissing = "changes-missing"
  /// Rows of a projection are not what the log says.
  case projectionDiffers = "projection-differs"
  /// The schema is not the one that the migrations make.
  case schemaDiffers = "schema-differs"
  /// Another program wrote into the log.
  case foreignChange = "foreign-change"
  /// Pages cannot be moved from the write-ahead log into the file.
  case checkpointFailed = "checkpoint-failed"
  /// A reader keeps the write-ahead log from being reset.
  case walPinned = "wal-pinned"
  /// The wall clock is behind the log's last change.
  case clockBehind = "clock-behind"
  /// The ledger's file has got further names.
  case fileLinked = "file-linked"
  /// The daemon's socket has been deleted, or another one is at its path.
  case socketGone = "socket-gone"
  /// The process has no file descriptor left.
  case outOfDescriptors = "out-of-descriptors"
  /// The daemon's own log cannot be written.
  case logNotWritten = "log-not-written"
  /// Lines of the daemon's own log were dropped, since nobody reads it.
  case logLinesDropped = "log-lines-dropped"

  package enum Effect: Sendable, Hashable {
    /// Changes are taken, and a person is needed.
    case degraded
    /// No change is taken.
    case readOnly
  }

  package var effect: Effect {
    switch self {
    case .corrupt, .foreignTrigger, .fileGone, .fileReplaced, .fileTruncated, .walGone, .shmGone,
      .commitUncertain, .commitStalled, .notWritable, .diskFull, .diskError, .locked, .clockInvalid:
      .readOnly
    case .changesMissing, .projectionDiffers, .schemaDiffers, .foreignChange, .checkpointFailed, .walPinned,
      .clockBehind, .fileLinked, .socketGone, .outOfDescriptors, .logNotWritten, .logLinesDropped:
      .degraded
    }
  }

  /// Whether a change is refused without an attempt. The other read-only conditions may be over by the next commit, which
  /// finds that out.
  package var blocksWrites: Bool {
    switch self {
    case .corrupt, .foreignTrigger, .fileGone, .fileReplaced, .fileTruncated, .walGone, .shmGone, .clockInvalid: true
    default: false
    }
  }
}
