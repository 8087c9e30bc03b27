// The log as a watcher who is behind reads it: a bounded look at a time.

package import FairleadModel
internal import GRDB

extension LedgerReader {
  /// The changes after `seq` that pass `filter`, in order, at most `limit`, out of the next `scan`; and the last change that
  /// was looked at, from which to go on. `head` is the last to look at.
  ///
  /// What the row's own columns can tell is asked of SQLite, so that a record which does not pass is seldom read.
  package func watched(
    _ filter: WatchFilter, after seq: Int, through head: Int, limit: Int, scan: Int
  ) throws -> (changes: [Change], through: Int) {
    var conditions = ["seq > ?", "seq <= ?"]
    let last = min(head, seq + scan)
    var arguments: [any DatabaseValueConvertible] = [seq, last]
    if filter.asksForClusters || filter.kinds == [.cluster] { conditions.append("cluster_key IS NOT NULL") }
    if let kinds = filter.kinds, !kinds.contains(.cluster) { conditions.append("cluster_key IS NULL") }
    if let resourceGroup = filter.resourceGroup {
      conditions.append("cluster_key LIKE ? ESCAPE '\\'")
      arguments.append("%/\(escaped(resourceGroup))/" + (filter.name.map(escaped) ?? "%"))
    }
    arguments.append(limit)
    let rows = try rows(
      "SELECT record FROM change WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq LIMIT ?", arguments)
    let changes = try rows.map(change)
    return (
      changes.filter { filter.passes($0.kind, $0.effects.cluster) },
      rows.count < limit ? last : changes.last?.seq ?? last
    )
  }

  /// As a pattern of LIKE that means itself.
  private func escaped(_ name: String) -> String {
    String(name.flatMap { "%_\\".contains($0) ? ["\\", $0] : [$0] })
  }
}
