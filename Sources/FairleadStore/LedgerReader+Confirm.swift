// Revisions that wait to be confirmed: whose deadline has passed, whose is next, and how a wait ended.

package import FairleadModel
internal import GRDB

extension LedgerReader {
  /// The cluster with the earliest deadline, and the milliseconds until then: by the boot clock where the deadline was set
  /// in this boot, by the wall clock otherwise.
  package func nextConfirm(_ clocks: Clocks) throws -> (key: ClusterKey, remaining: Int)? {
    try confirms(clocks, limit: 1).first
  }

  /// Up to `limit` clusters whose deadline has passed, the earliest first.
  package func dueConfirms(_ clocks: Clocks, limit: Int) throws -> [ClusterKey] {
    try confirms(clocks, limit: limit).prefix { $0.remaining <= 0 }.map(\.key)
  }

  private func confirms(_ clocks: Clocks, limit: Int) throws -> [(key: ClusterKey, remaining: Int)] {
    let waits = "SELECT * FROM cluster WHERE confirm_deadline IS NOT NULL AND"
    let boot = clocks.boot?.boot ?? ""
    // Three index ranges, since an index has none for "not equal". Only names and deadlines are decoded, so that a cluster
    // with a corrupt document does not block the others.
    let candidates = try [
      rows("\(waits) confirm_boot = ? ORDER BY confirm_boot_deadline LIMIT ?", [boot, limit]),
      rows("\(waits) (confirm_boot < ?1 OR confirm_boot > ?1) ORDER BY confirm_deadline LIMIT ?2", [boot, limit]),
      rows("\(waits) confirm_boot IS NULL ORDER BY confirm_deadline LIMIT ?", [limit]),
    ].joined().map { row in
      guard let pending = try pendingConfirm(row) else { throw corrupt("a deadline without a change") }
      return (key: key(row), remaining: pending.remaining(clocks), seq: pending.seq)
    }
    return candidates.sorted { ($0.remaining, $0.seq) < ($1.remaining, $1.seq) }.prefix(limit).map {
      (key: $0.key, remaining: $0.remaining)
    }
  }

  /// The folded keys of the clusters that wait to be confirmed, with their deadlines by the wall clock. Reads one index. A
  /// deadline that is no time is left out: the start does not fail for one row, and whoever reads that cluster notices.
  package func confirmDeadlines() throws -> [(key: String, deadline: Timestamp)] {
    try rows("SELECT cluster_key, confirm_deadline FROM cluster WHERE confirm_deadline IS NOT NULL", []).compactMap {
      guard let deadline = Timestamp($0["confirm_deadline"]) else { return nil }
      return (key: $0["cluster_key"], deadline: deadline)
    }
  }

  /// The last wait of a cluster that has ended, or the one of change `seq`, with the change that ended it.
  package func endedConfirm(of key: ClusterKey, seq: Int?) throws -> (pending: PendingConfirm, end: Change)? {
    let waiting = try row(
      """
      SELECT record FROM change
      WHERE cluster_key = ?1 AND json_extract(record, '$.effects.cluster.pendingConfirm.seq') = coalesce(
        ?2, json_extract(record, '$.effects.cluster.pendingConfirm.seq'))
      ORDER BY seq DESC LIMIT 1
      """, [key.folded, seq]
    ).map(change)
    guard let waiting, let pending = waiting.effects.cluster?.pendingConfirm else { return nil }
    return try row(
      "SELECT record FROM change WHERE cluster_key = ? AND seq > ? ORDER BY seq LIMIT 1", [key.folded, waiting.seq]
    ).map(change).map { (pending, $0) }
  }
}
