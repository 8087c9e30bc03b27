// Recently changed clusters in decoded form, so that a cluster that changes again is not decoded again.

internal import FairleadImpact
internal import FairleadModel
internal import Synchronization

/// Holds nothing that could not be read from state and file. Only the stage that prepares a batch uses it, so its lock is
/// uncontended; it is emptied whenever something that was recorded is reverted.
final class DecodedClusterCache: Sendable {
  private struct Entry {
    var cluster: Cluster
    /// What its earlier revisions left in the kernels; `nil` until it is asked for.
    var timeouts: KernelTimeouts?
  }

  private let entries = Mutex<[String: Entry]>([:])

  /// A fleet's worth of clusters, some KiB each. A full cache is emptied, which costs one decoding per cluster and needs no
  /// order of use.
  private static let limit = 1024

  /// The cluster as change `seq` left it; `nil` where the cache has it otherwise or not at all.
  func cluster(_ key: ClusterKey, seq: Int) -> Cluster? {
    guard let cluster = entry(key)?.cluster, cluster.updatedSeq == seq else { return nil }
    return cluster
  }

  /// The timeouts that are cached for `cluster`, or those that `read` returns.
  func kernelTimeouts(of cluster: Cluster, _ read: () throws -> KernelTimeouts) rethrows -> KernelTimeouts {
    if let entry = entry(cluster.key), entry.cluster.updatedSeq == cluster.updatedSeq, let timeouts = entry.timeouts {
      return timeouts
    }
    let timeouts = try read()
    set(Entry(cluster: cluster, timeouts: timeouts))
    return timeouts
  }

  func update(with change: Change) {
    guard let cluster = change.effects.cluster else { return }
    var timeouts = entry(cluster.key)?.timeouts
    if let revision = change.effects.revision { timeouts = timeouts?.after(revision) }
    set(Entry(cluster: cluster, timeouts: timeouts))
  }

  func removeAll() { entries.withLock { $0.removeAll(keepingCapacity: true) } }

  private func entry(_ key: ClusterKey) -> Entry? { entries.withLock { $0[key.folded] } }

  private func set(_ entry: Entry) {
    entries.withLock { entries in
      if entries.count >= Self.limit { entries.removeAll(keepingCapacity: true) }
      entries[entry.cluster.key.folded] = entry
    }
  }
}
