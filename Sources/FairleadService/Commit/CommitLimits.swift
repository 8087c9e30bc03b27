// The sizes of queue and batch. `Limits` has those that a client can run into.

internal import FairleadModel

struct CommitLimits: Sendable {
  /// Writes of one batch. None of them is acknowledged before all of them are committed.
  var batchWrites = 256

  /// Writes in the queue, and the bytes of their lines; further ones are refused as busy.
  var queuedWrites = Limits.queuedChanges
  var queuedBytes = Limits.queuedBytes

  /// Rows of one request that are kept in memory until the request is prepared to its end. With more, a large `cluster.apply`
  /// is written in a savepoint while its rest is still being prepared.
  static let bufferedRows = 64

  /// Items in a `WriteChannel` for which a sleeping consumer is woken: waking it costs about as much as writing one row.
  static let channelWakeItems = 4
}
