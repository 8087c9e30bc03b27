// A batch that the commit stage has taken.

struct CommitBatch {
  enum Preparation {
    /// The commit stage prepares it, within the transaction.
    case here
    /// The same, with one savepoint per write.
    case hereWithSavepoints
    /// The prepare stage has prepared it, or is about to finish that.
    case ahead(PreparedBatch)
  }

  let writes: [PendingWrite]
  let preparation: Preparation

  /// The same writes, to be prepared again after the batch was aborted.
  var withSavepoints: CommitBatch { CommitBatch(writes: writes, preparation: .hereWithSavepoints) }
}
