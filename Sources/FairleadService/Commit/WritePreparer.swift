// What the commit pipeline needs from the rest of the service.

/// Turns one write into changes of a batch. Called on the prepare stage or on the commit stage, by one of them at a time.
protocol WritePreparer: Sendable {
  /// Prepares `write` in `batch`, and returns what encodes its result and then returns what delivers it, once the batch is durable.
  /// A refusal of the write is such a result as well, and leaves the rest of the batch as it is. Throws only where the whole batch
  /// is aborted.
  func prepare(_ write: PendingWrite, in batch: WriteBatch) throws(BatchAborted) -> @Sendable () -> @Sendable () -> Void
}
