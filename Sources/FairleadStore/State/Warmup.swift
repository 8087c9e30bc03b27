// Clusters on their way from the file into memory: a part of them at a time, and all of them at once into the heads.

internal import FairleadModel
internal import HashTreeCollections

/// What memory says of a cluster.
package enum ClusterLookup: Sendable {
  /// Its head; `nil` where there is no such cluster.
  case entry(ClusterEntry?)
  /// Memory does not know: the file has to be asked.
  case notLoaded
}

/// Grows apart from the heads, in a tree that nobody shares: to put 256 clusters into one that readers have copies of costs
/// 2 ms of copying, and the writer would have to do it.
package struct Warmup: Sendable {
  /// The heads that it is for: those that were begun at this change.
  let since: Int
  /// The last change that it has caught up with.
  private(set) var seq: Int
  private(set) var clusters: TreeDictionary<String, ClusterEntry> = [:]
  /// The last key that was read; empty before the first.
  private var through = ""
  /// Whether the file has none behind it.
  package private(set) var isComplete = false

  /// Begins to load what `heads` do not have; `nil` where they have all.
  package init?(for heads: CurrentState) {
    guard let since = heads.loadingSince else { return nil }
    (self.since, seq) = (since, since)
  }

  /// How many clusters it has, deleted ones included.
  package var count: Int { clusters.count }

  /// Whether it is what `heads` wait for.
  package func isFor(_ heads: CurrentState) -> Bool { since == heads.loadingSince }

  /// Reads the next `count` clusters.
  package mutating func read(_ count: Int, from reader: LedgerReader) throws {
    var chunk: [(folded: String, head: ClusterEntry)] = []
    try reader.clusterEntries(after: through, limit: count) { chunk.append(($0, $1)) }
    for (folded, head) in chunk { clusters[folded] = head }
    through = chunk.last?.folded ?? through
    isComplete = chunk.count < count
  }

  /// Takes what changed while it was read, so that little is left to whoever absorbs it. A cluster that was read from a
  /// commit that is not published yet is newer than `heads` have it.
  package mutating func catchUp(with heads: CurrentState) {
    for (folded, head) in heads.clusters where clusters[folded].map({ $0.updatedSeq < head.updatedSeq }) ?? true {
      clusters[folded] = head
    }
    seq = heads.seq
  }
}

extension LedgerReader {
  /// The heads as the file has them, with all clusters where these are fewer than `count`; otherwise the first of them are in
  /// the load that begins.
  package func heads(atOnce count: Int) throws -> (heads: CurrentState, load: Warmup?) {
    var heads = try CurrentState(self)
    guard var load = Warmup(for: heads) else { return (heads, nil) }
    try load.read(count, from: self)
    heads.merge(load)
    return (heads, heads.isComplete ? nil : load)
  }
}
