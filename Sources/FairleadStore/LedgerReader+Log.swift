// What a transaction can read of the log: its end, single changes, and pages in the order of their numbers.

package import FairleadModel

extension LedgerReader {
  /// The number and time of the log's last change; 0 and `nil` for an empty log.
  package func logEnd() throws -> (seq: Int, at: Timestamp?) {
    try row(.change, "SELECT seq, at FROM change ORDER BY seq DESC LIMIT 1") { row in
      let seq = try row.int()
      // The next numbers have to be numbers, too.
      guard (1...1 << 53).contains(seq) else { throw row.damage("no log has so many changes") }
      return (seq: seq, at: try row.timestamp())
    } ?? (0, nil)
  }

  /// A change; `nil` for a number that the log has not reached. The numbers are dense, so one that is missing below the last
  /// one is damage.
  package func change(seq: Int) throws -> Change? {
    if let change = try row(
      .change, "SELECT \(Columns.change) FROM change WHERE seq = ?", [.int(seq)], { try $0.change() })
    {
      guard change.seq == seq else { throw LedgerError.damage("change \(seq): change \(change.seq) is in its place") }
      return change
    }
    guard seq >= 1, seq <= (try logEnd().seq) else { return nil }
    throw LedgerError.damage("change \(seq): it is missing from the log")
  }

  /// The change that `uid` requested with this idempotency key.
  package func change(uid: UInt32, requestID: String) throws -> Change? {
    try row(
      .change, "SELECT \(Columns.change) FROM change WHERE actor_uid = ? AND request_id = ?",
      [.int(Int(uid)), .text(requestID)]
    ) { row in
      let change = try row.change()
      guard change.actor.uid == uid, change.requestID == requestID else {
        throw row.damage("it was found under the requestId of another one")
      }
      return change
    }
  }

  /// Up to `limit` changes after `seq`, in order.
  package func changes(_ filter: ChangeFilter, after seq: Int, limit: Int) throws -> [Change] {
    guard let kinds = filter.kinds, kinds.count > 1 else {
      return try changes(of: filter.kinds?.first, filter, after: seq, limit: limit)
    }
    // Each kind has an index that is in the order of the log, and several of them together have none.
    let all = try kinds.flatMap { try changes(of: $0, filter, after: seq, limit: limit) }
    return Array(all.sorted { $0.seq < $1.seq }.prefix(limit))
  }

  private func changes(
    of kind: ResourceKind?, _ filter: ChangeFilter, after seq: Int, limit: Int
  ) throws -> [Change] {
    var conditions = ["seq > ?"]
    var arguments: [SQLArgument] = [.int(seq)]
    if let cluster = filter.cluster {
      conditions.append("cluster_key = ?")
      arguments.append(.text(cluster.folded))
    }
    switch kind {
    case nil: break
    case .cluster: conditions.append("cluster_key IS NOT NULL")
    case .feature, .provider, .extension:
      // As the index change_by_kind has it, so that it is used.
      conditions.append("cluster_key IS NULL AND iif(json_valid(record), json_extract(record, '$.kind'), NULL) = ?")
      arguments.append(.text(kind?.rawValue ?? ""))
    }
    return try changesInOrder(
      "SELECT \(Columns.change) FROM change WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq LIMIT ?",
      arguments + [.int(limit)], after: seq, isDense: conditions.count == 1
    ) { filter.passes($0) }
  }

  /// The last changes of a cluster after `seq`, at most `limit`, in order.
  package func lastChanges(of key: ClusterKey, after seq: Int, limit: Int) throws -> [Change] {
    var next = Int.max
    return try rows(
      .change,
      "SELECT \(Columns.change) FROM change WHERE cluster_key = ? AND seq > ? ORDER BY seq DESC LIMIT ?",
      [.text(key.folded), .int(seq), .int(limit)]
    ) { row in
      let change = try row.change()
      guard change.seq > seq, change.seq < next else { throw row.damage("it is out of order in the log") }
      next = change.seq
      return change
    }.reversed()
  }

  /// The last change of a cluster at or before a time.
  package func change(of key: ClusterKey, at time: Timestamp) throws -> Change? {
    // No change is earlier than the one before it.
    let next = try firstChange(of: key, after: 0, where: "at > ?3", .text(time.text))
    return try row(
      .change,
      "SELECT \(Columns.change) FROM change WHERE cluster_key = ? AND seq < ? ORDER BY seq DESC LIMIT 1",
      [.text(key.folded), .int(next ?? .max)]
    ) { try $0.change() }
  }

  /// The number of the first change of a cluster after `seq` that meets a condition, which all changes after that one meet too;
  /// `?3` in the condition is `argument`.
  ///
  /// Found by halving: it looks at as many changes as the length of the log has binary digits, and at one or two more.
  func firstChange(of key: ClusterKey, after seq: Int, where condition: String, _ argument: SQLArgument) throws -> Int?
  {
    func look(_ order: String, _ number: Int) throws -> (seq: Int, isMet: Bool)? {
      try row(
        .change,
        "SELECT seq, \(condition) AS is_met FROM change WHERE cluster_key = ?1 AND seq >= ?2 ORDER BY seq \(order) LIMIT 1",
        [.text(key.folded), .int(number), argument]
      ) { row in
        let seq = try row.int()
        guard seq >= number else { throw row.damage("it is out of order in the log") }
        return (seq, try row.bool())
      }
    }
    guard seq < .max, let last = try look("DESC", seq + 1), last.isMet else { return nil }
    var found = last.seq
    var (low, high) = (seq + 1, last.seq)
    // Most often it is the first one.
    var middle = low
    while low < high {
      switch try look("ASC", middle) {
      case (let seq, true)?: (found, high) = (seq, middle)
      case (let seq, false)?: low = seq + 1
      // Only a damaged index has the last change and none here.
      case nil: high = middle
      }
      middle = low + (high - low) / 2
    }
    return found
  }

  /// The changes of a selection that is ordered by `seq`: strictly ascending, without a gap where it `isDense`, and each one that
  /// `belongs`. A damaged tree can return rows again, in another order and without an end.
  func changesInOrder(
    _ sql: String, _ arguments: [SQLArgument], after seq: Int, isDense: Bool, belongs: (Change) -> Bool = { _ in true }
  ) throws -> [Change] {
    var last = seq
    return try rows(.change, sql, arguments) { row in
      let change = try row.change()
      guard change.seq > last else { throw row.damage("it is out of order in the log, after change \(last)") }
      guard !isDense || last < 0 || change.seq == last + 1 else {
        throw LedgerError.damage("change \(last + 1): it is missing from the log")
      }
      guard belongs(change) else { throw row.damage("it was found among changes of another kind or cluster") }
      last = change.seq
      return change
    }
  }
}

extension ChangeFilter {
  /// Whether a change is one of those that the filter asks for.
  fileprivate func passes(_ change: Change) -> Bool {
    (kinds?.contains(change.kind) ?? true) && (cluster == nil || cluster?.folded == change.effects.cluster?.key.folded)
  }
}
