// Pages of the log for a watch that has fallen behind the events in memory.

package import FairleadModel

extension LedgerReader {
  /// The changes after `seq` that pass `filter`, in order: at most `limit`, out of the next `scan` changes up to `lastSeq`.
  /// `through` is the last change that was examined, after which the next page begins.
  ///
  /// SQLite filters by the row's columns as far as they suffice, so that few records are decoded that the filter then drops.
  package func watched(
    _ filter: WatchFilter, after seq: Int, through lastSeq: Int, limit: Int, scan: Int
  ) throws -> (changes: [Change], through: Int) {
    var conditions = ["seq > ?", "seq <= ?"]
    let last = min(lastSeq, seq + scan)
    var arguments: [SQLArgument] = [.int(seq), .int(last)]
    if filter.asksForClusters || filter.kinds == [.cluster] { conditions.append("cluster_key IS NOT NULL") }
    if let kinds = filter.kinds, !kinds.contains(.cluster) { conditions.append("cluster_key IS NULL") }
    if let resourceGroup = filter.resourceGroup {
      conditions.append("cluster_key LIKE ? ESCAPE '\\'")
      arguments.append(.text("%/\(escaped(resourceGroup.folded))/" + (filter.name.map { escaped($0.folded) } ?? "%")))
    }
    let changes = try changesInOrder(
      "SELECT \(Columns.change) FROM change WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq LIMIT ?",
      arguments + [.int(limit)], after: seq, isDense: conditions.count == 2)
    return (
      changes.filter { filter.passes($0.kind, $0.effects.cluster) },
      changes.count < limit ? last : changes.last?.seq ?? last
    )
  }

  /// A LIKE pattern that matches only `name`, as it is in a key.
  private func escaped(_ name: String) -> String {
    String(name.flatMap { "%_\\".contains($0) ? ["\\", $0] : [$0] })
  }
}
