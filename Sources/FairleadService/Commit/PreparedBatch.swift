// A batch that one stage prepares and the other one commits.

internal import FairleadStore
internal import Synchronization

final class PreparedBatch: Sendable {
  /// The last change before it. If the log has another one when it is to be committed, it has to be prepared again.
  let baseSeq: Int
  /// Carries its SQL to the transaction. Closed once it is prepared to its end.
  let channel = WriteChannel()
  private let box: Mutex<BatchContents>

  init(on state: CurrentState, isReread: Bool = false) {
    baseSeq = state.seq
    box = Mutex(BatchContents(on: state, isReread: isReread))
  }

  /// Complete once the channel is closed.
  var contents: BatchContents { box.withLock { $0 } }

  /// The state after the writes that are prepared so far.
  var state: CurrentState { box.withLock { $0.state } }

  /// Prepares one more write. Throws where the batch is aborted; then its contents are void.
  ///
  /// `encodesNow` has its result encoded now, and not after the commit: while nobody else waits, that is quicker by what the caches
  /// lose during a sync. Where the stages work side by side, the one that prepares has more to do than the one that commits.
  func add(
    _ write: PendingWrite, with preparer: any WritePreparer, sink: any WriteSink, cache: DecodedClusterCache,
    usesSavepoints: Bool = false, encodesNow: Bool = false
  ) throws(BatchAborted) {
    // Moved out, into the batch and back in: with a second owner, each write would copy the changes of all those before it.
    let contents = box.withLock { contents in
      defer { contents = BatchContents(on: .empty) }
      return contents
    }
    let batch = WriteBatch(consume contents, sink: sink, cache: cache, usesSavepoints: usesSavepoints)
    let encode = try preparer.prepare(write, in: batch)
    if encodesNow { batch.setResult(encode()) } else { batch.setResult { encode()() } }
    box.withLock { $0 = batch.contents }
  }
}
