// The sizes of queue and batch. `Limits` has those that a client can run into.

internal import FairleadModel

struct CommitLimits: Sendable {
  /// Writes of one batch. None of them is acknowledged before all of them are committed.
  var batchWrites = 256

  /// Writes in the queue, and the bytes of their lines together with those of the batch that is being committed; further ones are
  /// refused as busy.
  var queuedWrites = Limits.queuedChanges
  var queuedBytes = Limits.queuedBytes

  /// Barriers that wait. The warm-up has one at a time.
  var barriers = 16

  /// Items in a `WriteChannel` for which a producer waits until they are executed: rows of a large apply hold their changes, some
  /// KiB each.
  static let channelItems = 4096

  /// Rows of one request that wait until the request is prepared to its end. A request with more hands them to the sink in a
  /// savepoint, so that the commit stage can write a large `cluster.apply` while its rest is still being prepared.
  static let bufferedRows = 64

  /// Items in a `WriteChannel` for which a sleeping consumer is woken: waking it costs about as much as writing one row.
  static let channelWakeItems = 4
}
