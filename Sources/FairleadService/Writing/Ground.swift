// What a plan stands on: the heads in memory, and the history in the file.

internal import FairleadImpact
internal import FairleadModel
internal import FairleadStore

/// Inside a group the heads and the file agree. Outside, for a dry run, the file may be ahead by changes that were committed
/// a moment ago: a plan reads no revision past the heads' own.
struct Ground {
  let heads: CurrentState
  let history: any History
  /// Whether a cluster whose deadline has passed is to be met with `Overdue`. In a group what is due was taken back before.
  var awaitsReverts = false
  /// Clusters that were changed lately, decoded; only the writer has it.
  var recent: RecentClusters?

  /// Looks into the file.
  func read<Value>(_ body: @escaping (LedgerReader) throws -> Value) throws -> Value { try history.read(body) }

  /// The head of a cluster, deleted or not, as it is kept.
  func head(_ key: ClusterKey) throws -> ClusterEntry? {
    switch heads.cluster(key) {
    case .entry(let head): head
    case .notLoaded: try read { try $0.clusterEntry(key) }
    }
  }

  /// The head of a cluster, deleted or not.
  func cluster(_ key: ClusterKey) throws -> Cluster? {
    guard let head = try head(key) else { return nil }
    if let cluster = recent?.cluster(key, seq: head.updatedSeq) { return cluster }
    return try head.cluster()
  }

  /// What earlier revisions left in the kernels of a cluster's nodes.
  func kernelTimeouts(of head: Cluster) throws -> [IPVSTimeout: Int] {
    func left() throws -> KernelTimeouts {
      KernelTimeouts(newestFirst: try read { try $0.documentsWithTimeouts(of: head.key, upTo: head.revision) })
    }
    return try (recent?.kernelTimeouts(of: head, left) ?? left()).seconds
  }
}
