// What a plan is made on: the current state in memory, and the history in the file.

internal import FairleadImpact
internal import FairleadModel
internal import FairleadStore

/// Reads of the file. In a batch they see what has been prepared before them.
protocol LedgerReading {
  /// Rethrows what `body` throws. `body` may run on another thread, while this one waits.
  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value
}

extension LedgerReader: LedgerReading {
  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
    try body(self)
  }
}

/// In a batch, state and history agree. In a dry run the file may have later changes; a plan reads no revision past those of
/// the state.
struct ReadView {
  /// What happens with a cluster whose confirm deadline has passed.
  enum Overdue {
    /// Its change has been reverted before the plan is made, as far as that is possible.
    case isReverted
    /// The plan throws `DeadlinePassed`: a dry run cannot revert it.
    case isReported
  }

  let state: CurrentState
  let history: any LedgerReading
  var overdue = Overdue.isReverted
  /// Recently changed clusters, decoded; only batches have it.
  var cache: DecodedClusterCache?

  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
    try history.read(body)
  }

  /// A cluster's entry, deleted or not.
  func entry(_ key: ClusterKey) throws -> ClusterEntry? {
    switch state.cluster(key) {
    case .entry(let entry): entry
    case .notLoaded: try read { try $0.clusterEntry(key) }
    }
  }

  /// A cluster, deleted or not.
  func cluster(_ key: ClusterKey) throws -> Cluster? {
    guard let entry = try entry(key) else { return nil }
    if let cluster = cache?.cluster(key, seq: entry.updatedSeq) { return cluster }
    return try entry.cluster(named: key)
  }

  /// The IPVS timeouts that earlier revisions left in the kernels of a cluster's nodes.
  func kernelTimeouts(of cluster: Cluster) throws -> [IPVSTimeout: Int] {
    func fromHistory() throws -> KernelTimeouts {
      KernelTimeouts(newestFirst: try read { try $0.documentsWithTimeouts(of: cluster.key, upTo: cluster.revision) })
    }
    return try (cache?.kernelTimeouts(of: cluster, fromHistory) ?? fromHistory()).seconds
  }
}

/// A batch was prepared on a state that is not the one with which its transaction begins.
struct StaleReadView: Error {}
