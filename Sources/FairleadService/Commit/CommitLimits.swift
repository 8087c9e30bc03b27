// The sizes of queue and batch. `Limits` has those that a client can run into.

internal import FairleadModel

struct CommitLimits: Sendable {
  /// Changes of one batch, unless its first write alone has more. None of them is acknowledged before all of them are committed.
  var batchChanges = 256

  /// Changes from which on a batch takes at most half of those in hand.
  var halvedBatch = 32

  /// Changes of one batch while so many are in hand: committed, prepared, or waiting.
  ///
  /// Both stages work only where the clients are in two batches, of which one is prepared while the other one is committed. After a
  /// commit that took long, such as one with a WAL checkpoint, all of them would be in one batch, and each stage would wait for the
  /// other: 64 clients got 7 % less.
  func batchLimit(inHand: Int) -> Int { min(batchChanges, max(halvedBatch, (inHand + 1) / 2)) }

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
