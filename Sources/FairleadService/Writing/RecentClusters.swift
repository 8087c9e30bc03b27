// The clusters that were changed lately, decoded, so that a cluster that changes again is not read again.

internal import FairleadModel
internal import FairleadStore
internal import Synchronization

/// A cache and nothing more: what it holds can be had from the heads and the file. The writer alone uses it, so that its
/// lock is never waited for, and empties it whenever something that it recorded was taken back.
final class RecentClusters: Sendable {
  private struct Entry {
    var cluster: Cluster
    /// Newest first; `nil` until somebody asks.
    var documents: [PastDocument]?
  }

  private let entries = Mutex<[String: Entry]>([:])

  /// A fleet's worth of hot clusters; some 10 KiB each with their documents. Past it all go, which costs one decoding
  /// each, and needs no order of use.
  private static let limit = 1024

  /// The cluster as change `seq` left it.
  func cluster(_ key: ClusterKey, seq: Int) -> Cluster? {
    guard let cluster = entry(key)?.cluster, cluster.updatedSeq == seq else { return nil }
    return cluster
  }

  /// `read` is asked where the documents are not known.
  func documentsWithTimeouts(of head: Cluster, _ read: () throws -> [PastDocument]) rethrows -> [PastDocument] {
    if let entry = entry(head.key), entry.cluster.updatedSeq == head.updatedSeq, let documents = entry.documents {
      return documents
    }
    let documents = try read()
    set(Entry(cluster: head, documents: documents))
    return documents
  }

  /// Takes what a change did to a cluster.
  func note(_ change: Change) {
    guard let cluster = change.effects.cluster else { return }
    var documents = entry(cluster.key)?.documents
    if let revision = change.effects.revision { documents = documents.flatMap { revision.after($0) } }
    set(Entry(cluster: cluster, documents: documents))
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

extension Revision {
  /// What is known of a cluster's documents once it has this revision; `nil` where that has to be read.
  fileprivate func after(_ documents: [PastDocument]) -> [PastDocument]? {
    switch origin {
    // A create begins with nodes of its own; after a delete nobody asks before the next create.
    case .create, .delete, .import: return nil
    case .update, .rollback, .revert:
      guard let config else { return nil }
      let known = documents.filter { $0.revision > revision - Limits.timeoutRevisions }
      return [PastDocument(revision: revision, config: config)] + known
    }
  }
}
