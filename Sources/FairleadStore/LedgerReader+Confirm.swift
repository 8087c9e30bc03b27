// Revisions that wait to be confirmed: whose deadline has passed, whose is next, and how a wait ended.

package import FairleadModel

extension LedgerReader {
  /// The cluster with the earliest deadline, and the milliseconds until then: by the boot clock where the deadline was set
  /// in this boot, by the wall clock otherwise.
  ///
  /// `corrections` are clusters whose rows are not to be believed, as in `CurrentState.corrections`.
  package func nextConfirm(
    _ clocks: Clocks, corrections: Corrections = .none
  ) throws -> (key: ClusterKey, remaining: Int)? {
    try confirms(clocks, limit: 1, corrections).first
  }

  /// Up to `limit` clusters whose deadline has passed, the earliest first.
  package func dueConfirms(
    _ clocks: Clocks, limit: Int, corrections: Corrections = .none
  ) throws -> [ClusterKey] {
    try confirms(clocks, limit: limit, corrections).prefix { $0.remaining <= 0 }.map(\.key)
  }

  private func confirms(
    _ clocks: Clocks, limit: Int, _ corrections: Corrections
  ) throws -> [(key: ClusterKey, remaining: Int)] {
    // Rows that are left out below must not take the places of others.
    let rowLimit = SQLArgument.int(limit + corrections.count)
    let waits =
      "SELECT \(Columns.clusterKey), \(Columns.confirm) FROM cluster WHERE confirm_deadline IS NOT NULL AND"
    let boot = clocks.boot?.boot ?? ""
    func candidates(_ sql: String, _ arguments: [SQLArgument]) throws -> [(key: ClusterKey, pending: PendingConfirm)] {
      var found: [(key: ClusterKey, pending: PendingConfirm)] = []
      try database.selectRows(.cluster, sql, arguments) { row in
        let key = try row.clusterKey()
        guard let pending = try row.pendingConfirm() else { throw row.damage("it has a deadline without a change") }
        if !corrections.contains(key.folded) { found.append((key, pending)) }
        return found.count < limit
      }
      return found
    }
    // Three index ranges, since an index has none for "not equal". Only names and deadlines are decoded, so that a cluster
    // with a corrupt document does not block the others.
    let all = try [
      candidates("\(waits) confirm_boot = ? ORDER BY confirm_boot_deadline LIMIT ?", [.text(boot), rowLimit]),
      candidates(
        "\(waits) (confirm_boot < ?1 OR confirm_boot > ?1) ORDER BY confirm_deadline LIMIT ?2", [.text(boot), rowLimit]),
      candidates("\(waits) confirm_boot IS NULL ORDER BY confirm_deadline LIMIT ?", [rowLimit]),
    ].joined()
    let logged = try corrections.waitingToBeConfirmed.compactMap { folded, entry in
      try entry.pendingConfirm.map { (key: try entry.cluster(folded: folded).key, pending: $0) }
    }
    let waiting = (all + logged).map { (key: $0.key, remaining: $0.pending.remaining(clocks), seq: $0.pending.seq) }
    return waiting.sorted { ($0.remaining, $0.seq) < ($1.remaining, $1.seq) }.prefix(limit).map {
      (key: $0.key, remaining: $0.remaining)
    }
  }

  /// The folded keys of the clusters that wait to be confirmed, with their deadlines by the wall clock. Reads one index.
  package func confirmDeadlines() throws -> [(key: String, deadline: Timestamp)] {
    try rows(.cluster, "SELECT cluster_key, confirm_deadline FROM cluster WHERE confirm_deadline IS NOT NULL") {
      (key: try $0.text(), deadline: try $0.timestamp())
    }
  }

  /// The last wait of a cluster that has ended, or the one of change `seq`, with the change that ended it.
  package func endedConfirm(of key: ClusterKey, seq: Int?) throws -> (pending: PendingConfirm, end: Change)? {
    // A record that is not JSON passes the condition, so that it is decoded and refused.
    let waiting = try row(
      .change,
      """
      SELECT \(Columns.change) FROM change
      WHERE cluster_key = ?1 AND iif(json_valid(record), json_extract(record, '$.effects.cluster.pendingConfirm.seq')
        = coalesce(?2, json_extract(record, '$.effects.cluster.pendingConfirm.seq')), 1)
      ORDER BY seq DESC LIMIT 1
      """, [.text(key.folded), SQLArgument(seq)]
    ) { try $0.change() }
    guard let waiting, let pending = waiting.effects.cluster?.pendingConfirm else { return nil }
    return try row(
      .change, "SELECT \(Columns.change) FROM change WHERE cluster_key = ? AND seq > ? ORDER BY seq LIMIT 1",
      [.text(key.folded), .int(waiting.seq)]
    ) { try $0.change() }.map { (pending, $0) }
  }
}
