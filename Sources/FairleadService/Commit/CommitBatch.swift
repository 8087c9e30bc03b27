// A batch in the hands of the commit stage.

struct CommitBatch {
  enum Preparation {
    /// The commit stage prepares it, within the transaction.
    case here
    /// The same, with each write in a savepoint of its own.
    case hereWithSavepoints
    /// The prepare stage has prepared it, or is about to finish that.
    case ahead(PreparedBatch)
  }

  let writes: [PendingWrite]
  let preparation: Preparation

  /// The same writes, to be prepared again after the batch was aborted.
  var withSavepoints: CommitBatch { CommitBatch(writes: writes, preparation: .hereWithSavepoints) }
}
