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

  /// How the wait of change `seq` ended; without a number, that of the last change that waited among the cluster's last
  /// `Limits.endedConfirmChanges`. To be asked while nothing of the cluster waits.
  ///
  /// The change is read by its number, and what ended its wait is found by halving, so that a cluster's history may be of any
  /// length: a refused confirm has its place in the queue of all changes.
  package func endedConfirm(of key: ClusterKey, seq: Int?) throws -> EndedConfirm {
    let number: Int
    if let seq {
      number = seq
    } else {
      let (waited, isAll) = try lastWaiting(of: key)
      guard let waited else { return isAll ? .never : .notAmongTheLast }
      number = waited
    }
    guard let waiting = try change(seq: number), let cluster = waiting.effects.cluster,
      cluster.key.folded == key.folded, let pending = cluster.pendingConfirm, seq == nil || pending.seq == seq
    else { return .never }
    // Changes of facts and labels keep the wait. Once it has ended it never comes back. A record that is not JSON passes, so that
    // it is decoded and refused.
    let end = try firstChange(
      of: key, after: waiting.seq,
      where: "iif(json_valid(record), json_extract(record, \(Self.waitingSeq)), NULL) IS NOT ?3", .int(pending.seq))
    guard let end, let change = try change(seq: end) else { return .never }
    return .ended(pending, by: change)
  }

  /// The newest of a cluster's last changes that waited or that left another one waiting, and whether these are all of its changes.
  private func lastWaiting(of key: ClusterKey) throws -> (seq: Int?, isAll: Bool) {
    var (seen, found) = (0, Int?.none)
    // Here, too, a record that is not JSON passes.
    try database.selectRows(
      .change,
      """
      SELECT seq, iif(json_valid(record), json_extract(record, \(Self.waitingSeq)) IS NOT NULL, 1) AS waits
      FROM change WHERE cluster_key = ? ORDER BY seq DESC LIMIT ?
      """, [.text(key.folded), .int(Limits.endedConfirmChanges)]
    ) { row in
      let seq = try row.int()
      seen += 1
      if try row.bool() { found = seq }
      return found == nil
    }
    return (found, seen < Limits.endedConfirmChanges)
  }

  /// The path of the number of the change that waits once a change is recorded.
  private static let waitingSeq = "'$.effects.cluster.pendingConfirm.seq'"
}
