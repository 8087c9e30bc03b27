// A batch while it is prepared: requests that share a transaction, each of which succeeds or fails alone.

internal import FairleadModel
internal import FairleadStore

/// Used by one thread at a time.
///
/// The rows of a request go to the sink once the request is prepared to its end, so that a refused request has nothing to roll
/// back and most batches need no savepoint: rows that were prepared are expected to be accepted. Where SQLite refuses one
/// nevertheless, the whole batch is aborted, and is prepared again with `usesSavepoints`. Then each request writes in its own
/// savepoint, and only the one with the refused row fails.
final class WriteBatch {
  /// The request that is being prepared.
  private struct OpenRequest {
    /// Its operations that the sink does not have yet.
    var buffered: [WriteOp] = []
    var savepoint = Savepoint.none
  }

  private enum Savepoint {
    case none, open
  }

  private(set) var contents: BatchContents
  private let sink: any WriteSink
  private let cache: DecodedClusterCache
  private let usesSavepoints: Bool
  private var request: OpenRequest?

  init(_ contents: BatchContents, sink: any WriteSink, cache: DecodedClusterCache, usesSavepoints: Bool) {
    self.contents = contents
    self.sink = sink
    self.cache = cache
    self.usesSavepoints = usesSavepoints
  }

  /// The state after what has been prepared so far.
  var state: CurrentState { contents.state }

  /// What the next request is planned on.
  var readView: ReadView { ReadView(state: contents.state, history: self, cache: cache) }

  /// Counts a registration step that is in the batch because it was due.
  func countSettledStep() { contents.settledSteps += 1 }

  /// Says what completes the next write of the batch.
  func setResult(_ completion: @escaping @Sendable () -> Void) { contents.completions.append(completion) }

  /// Has memory believe the log where a cluster's row says something else, whatever becomes of the request. To be called before
  /// `perform`.
  func correct(_ folded: String, _ entry: ClusterEntry?) {
    precondition(request == nil, "a request that fails would revert it")
    contents.correct(folded, entry)
    cache.removeAll()
  }

  /// Runs one request. If it throws, what it recorded is reverted, and nothing of the requests before it.
  func perform<Value>(_ body: () throws -> Value) throws -> Value {
    let before = (state: contents.state, changes: contents.changes.count)
    request = OpenRequest()
    defer { request = nil }
    do {
      let value = try body()
      try flush(inSavepoint: usesSavepoints)
      if request?.savepoint == .open { try put([.releaseSavepoint]) }
      return value
    } catch {
      if contents.changes.count > before.changes {
        contents.state = before.state
        contents.changes.removeSubrange(before.changes...)
        cache.removeAll()
      }
      if request?.savepoint == .open {
        guard sink.isOpen else { throw BatchAborted(error) }
        do { try sink.put([.rollbackToSavepoint]) } catch { throw BatchAborted(error) }
      }
      throw error
    }
  }

  /// Records a change. `report` is the change's report, encoded, where the caller has it.
  func append(_ change: Change, report: [UInt8]? = nil) throws {
    // Outside of a request nothing would revert it.
    precondition(request != nil, "a change is recorded within a request")
    if (request?.buffered.count ?? 0) >= CommitLimits.bufferedRows { try flush(inSavepoint: true) }
    request?.buffered.append(.append(change, report: report ?? change.report.text))
    contents.state.apply(change)
    cache.update(with: change)
    contents.changes.append(change)
  }

  /// The cluster that a change of this batch updated, encoded; `nil` where it updated none.
  func clusterText(of change: Change) -> [UInt8]? {
    guard let key = change.effects.cluster?.key, case .entry(let entry) = state.cluster(key) else { return nil }
    return entry?.text
  }

  /// Hands the request's buffered operations to the sink.
  private func flush(inSavepoint: Bool) throws {
    guard let open = request, !open.buffered.isEmpty else { return }
    request?.buffered = []
    guard inSavepoint, open.savepoint == .none else { return try put(open.buffered) }
    request?.savepoint = .open
    try put([.savepoint] + open.buffered)
  }

  private func put(_ operations: [WriteOp]) throws {
    do {
      try sink.put(operations)
    } catch  where !usesSavepoints || !sink.isOpen {
      throw BatchAborted(error)
    }
  }
}

extension WriteBatch: LedgerReading {
  /// Sees what the request has recorded so far.
  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
    // The request may still be refused, and would have rows to roll back then.
    try flush(inSavepoint: true)
    do {
      return try sink.read(body)
    } catch  where !sink.isOpen {
      throw BatchAborted(error)
    }
  }
}
