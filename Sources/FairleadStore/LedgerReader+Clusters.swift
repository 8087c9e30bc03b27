// Lists of clusters, some at a time, as entries whose text is what the wire carries.

package import FairleadModel

extension LedgerReader {
  /// A cluster with its folded key.
  package typealias KeyedEntry = (key: String, entry: ClusterEntry)

  /// Examines up to `scan` clusters after `folded`, in the order of their folded keys, and hands over those that exist and pass
  /// the filter, until `take` returns that it wants no more. Returns the last key that was examined where clusters may follow
  /// it, and `nil` where none do.
  package func clusterEntries(
    _ filter: ClusterFilter, after folded: String, scan: Int, _ take: (_ folded: String, _ entry: ClusterEntry) -> Bool
  ) throws -> String? {
    guard let selection = ClusterSelection(filter) else { return nil }
    // The key at which the scan ends. SQLite's LIMIT counts what passes and not what is examined.
    let last = try row(
      .cluster,
      "SELECT cluster_key FROM cluster WHERE cluster_key > ? AND \(selection.range) ORDER BY cluster_key LIMIT 1 OFFSET ?",
      [.text(folded)] + selection.bounds + [.int(scan - 1)]
    ) { try $0.text() }
    try clusterEntries(
      "WHERE cluster_key > ? AND \(selection.range) AND \(selection.condition)"
        + (last == nil ? "" : " AND cluster_key <= ?") + " ORDER BY cluster_key",
      [.text(folded)] + selection.bounds + selection.arguments + (last.map { [.text($0)] } ?? []), take)
    return last
  }

  /// The cluster of a folded key, if it exists and passes the filter.
  package func clusterEntry(_ filter: ClusterFilter, _ folded: String) throws -> ClusterEntry? {
    guard let selection = ClusterSelection(filter) else { return nil }
    var entry: ClusterEntry?
    try clusterEntries(
      "WHERE cluster_key = ? AND \(selection.condition)", [.text(folded)] + selection.arguments
    ) { _, found in
      entry = found
      return false
    }
    return entry
  }

  /// The folded keys, between two of them, of clusters that changes after `seq` are about.
  package func changedClusters(after seq: Int, keysAfter first: String, through last: String) throws -> [String] {
    try rows(
      .summary(of: "the table change"), Self.changedClustersSQL, [.int(seq), .text(first), .text(last)]
    ) { try $0.text() }
  }

  /// By the numbers of the few last changes: left to itself, SQLite reads the index of clusters, which is of the whole log.
  static let changedClustersSQL =
    "SELECT DISTINCT cluster_key FROM change NOT INDEXED WHERE seq > ? AND cluster_key > ? AND cluster_key <= ?"
}

/// A filter of clusters as SQL.
private struct ClusterSelection {
  /// The folded keys among which the clusters are; a key begins with the subscription.
  private(set) var range = "true"
  private(set) var bounds: [SQLArgument] = []
  /// What a cluster must be.
  private(set) var condition = "NOT deleted"
  private(set) var arguments: [SQLArgument] = []

  /// `nil` where nothing can pass: no cluster has more labels than the limit, and SQLite bounds the number of conditions.
  init?(_ filter: ClusterFilter) {
    guard filter.labels.count <= Limits.labels else { return nil }
    if let subscription = filter.subscription {
      // "0" is the character after "/".
      range = "cluster_key > ? AND cluster_key < ?"
      bounds = [.text("\(subscription.folded)/"), .text("\(subscription.folded)0")]
      condition += " AND lower(subscription) = ?"
      arguments.append(.text(subscription.folded))
    }
    if let resourceGroup = filter.resourceGroup {
      // By the key, since SQLite's lower() depends on how it was built. No name has a slash.
      condition += " AND instr(cluster_key, ?) > 0"
      arguments.append(.text("/\(resourceGroup.folded)/"))
    }
    for (key, value) in filter.labels.sorted(by: { $0.key < $1.key }) {
      // Label keys contain no quote, so the quoted JSON path names exactly that member. Labels that are no JSON pass, so that
      // the row is read and refused.
      condition += " AND iif(json_valid(labels), json_extract(labels, ?) = ?, 1)"
      arguments += [.text("$.\"\(key)\""), .text(value)]
    }
  }
}
