// The clusters that were changed lately, decoded, so that a cluster that changes again is not read again.

internal import FairleadImpact
internal import FairleadModel
internal import Synchronization

/// A cache and nothing more: what it holds can be had from the heads and the file. The writer alone uses it, so that its
/// lock is never waited for, and empties it whenever something that it recorded was taken back.
final class RecentClusters: Sendable {
  private struct Entry {
    var cluster: Cluster
    /// What its earlier revisions left in the kernels; `nil` until somebody asks.
    var timeouts: KernelTimeouts?
  }

  private let entries = Mutex<[String: Entry]>([:])

  /// A fleet's worth of hot clusters, some KiB each. Past it all go, which costs one decoding
  /// each, and needs no order of use.
  private static let limit = 1024

  /// The cluster as change `seq` left it.
  func cluster(_ key: ClusterKey, seq: Int) -> Cluster? {
    guard let cluster = entry(key)?.cluster, cluster.updatedSeq == seq else { return nil }
    return cluster
  }

  /// `read` is asked where they are not known.
  func kernelTimeouts(of head: Cluster, _ read: () throws -> KernelTimeouts) rethrows -> KernelTimeouts {
    if let entry = entry(head.key), entry.cluster.updatedSeq == head.updatedSeq, let timeouts = entry.timeouts {
      return timeouts
    }
    let timeouts = try read()
    set(Entry(cluster: head, timeouts: timeouts))
    return timeouts
  }

  /// Takes what a change did to a cluster.
  func note(_ change: Change) {
    guard let cluster = change.effects.cluster else { return }
    var timeouts = entry(cluster.key)?.timeouts
    if let revision = change.effects.revision { timeouts = timeouts?.after(revision) }
    set(Entry(cluster: cluster, timeouts: timeouts))
  }

  func forget() { entries.withLock { $0.removeAll(keepingCapacity: true) } }

  private func entry(_ key: ClusterKey) -> Entry? { entries.withLock { $0[key.folded] } }

  private func set(_ entry: Entry) {
    entries.withLock { entries in
      if entries.count >= Self.limit { entries.removeAll(keepingCapacity: true) }
      entries[entry.cluster.key.folded] = entry
    }
  }
}
