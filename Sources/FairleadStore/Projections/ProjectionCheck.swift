// Compares the projections with the log, a chunk at a time: whether each row is what the last change of its resource left.

internal import FairleadModel

/// A row of a projection that is not what the log says.
package struct ProjectionDifference: Sendable, Hashable {
  /// What memory must hold instead.
  package enum Correction: Sendable, Hashable {
    /// The cluster with this folded key, as the log has it.
    case cluster(String)
    case registrations
    /// Nothing: memory has no such row, and what is read of revisions is what the log recorded.
    case none
  }

  /// `the row of default/rg/web in the table cluster`.
  package let row: String
  /// `is not what change 17 recorded`.
  package let what: String
  package let correction: Correction
}

/// How far the comparison has come. A step is one short read; what changes between two steps is consistent in either.
package struct ProjectionCheck: Sendable {
  private enum Phase: Sendable {
    /// The registrations that the changes up to `after` left, of the kinds before `kind` and of this one.
    case registrations(kind: Int, after: Int)
    case clusters(after: String)
    case done
  }

  private var phase = Phase.registrations(kind: 0, after: 0)
  private var registrations = LoggedRegistrations()
  package private(set) var differences: [ProjectionDifference] = []

  package init() {}

  /// Compares the next `count` rows, and returns whether there is more to do. Throws where a row or a record does not decode.
  package mutating func step(_ count: Int, from reader: LedgerReader) throws -> Bool {
    switch phase {
    case .registrations(let kind, let after):
      let isLast = try registrations.read(LoggedRegistrations.kinds[kind], after: after, limit: count, from: reader)
      if let last = isLast {
        phase = .registrations(kind: kind, after: last)
      } else if kind + 1 < LoggedRegistrations.kinds.count {
        phase = .registrations(kind: kind + 1, after: 0)
      } else {
        // Once more from where each kind was left, so that all of it is of one snapshot.
        try registrations.catchUp(from: reader)
        differences += try registrations.differences(in: reader)
        phase = .clusters(after: "")
      }
      return true
    case .clusters(let after):
      let (found, last) = try reader.clusterDifferences(after: after, limit: count)
      differences += found
      phase = last.map { .clusters(after: $0) } ?? .done
      return last != nil
    case .done: return false
    }
  }
}

extension LoggedRegistrations {
  fileprivate func differences(in reader: LedgerReader) throws -> [ProjectionDifference] {
    func compare<Value: Equatable>(
      _ table: String, _ logged: [String: Value], _ rows: [(String, Value)], seq: (Value) -> Int
    ) -> [ProjectionDifference] {
      let rows = Dictionary(rows) { first, _ in first }
      return Set(logged.keys).union(rows.keys).sorted().compactMap { key in
        guard logged[key] != rows[key] else { return nil }
        return ProjectionDifference(
          row: "the row of \(key) in the table \(table)",
          what: difference(logged: logged[key].map(seq), hasRow: rows[key] != nil), correction: .registrations)
      }
    }
    return compare("feature", features, try reader.allFeatures().map { ($0.key.folded, $0) }) { $0.updatedSeq }
      + compare("provider", providers, try reader.allProviders().map { ($0.key.folded, $0) }) { $0.updatedSeq }
      + compare("extension", extensions, try reader.allExtensions().map { ($0.name.folded, $0) }) { $0.updatedSeq }
  }
}

/// What is wrong with a row, in words. `logged` is the change that last updated what it stands for.
private func difference(logged: Int?, hasRow: Bool) -> String {
  guard let logged else { return "stands for nothing that the log has" }
  return hasRow ? "is not what change \(logged) recorded" : "is missing; change \(logged) recorded it"
}

extension LedgerReader {
  /// The rows of up to `limit` clusters after a key that are not what the log says, and the last key that was compared; `nil`
  /// after the last one. A row whose bytes equal the record's, which is nearly every one, is not decoded.
  func clusterDifferences(after folded: String, limit: Int) throws -> ([ProjectionDifference], last: String?) {
    let logged = try rows(
      .cluster,
      "SELECT cluster_key, max(seq) AS seq FROM change WHERE cluster_key > ? GROUP BY cluster_key ORDER BY cluster_key LIMIT ?",
      [.text(folded), .int(limit)]
    ) { (key: try $0.text(), seq: try $0.int()) }
    let last = logged.count < limit ? nil : logged.last?.key
    var differences: [ProjectionDifference] = []
    func add(_ key: String, _ seq: Int?, hasRow: Bool) {
      differences.append(
        ProjectionDifference(
          row: "the row of \(key) in the table cluster", what: difference(logged: seq, hasRow: hasRow),
          correction: .cluster(key)))
    }
    var text: [UInt8] = []
    var rest = logged[...]
    try database.selectRows(
      .cluster,
      Self.comparisonSQL + (last == nil ? "" : " AND cluster.cluster_key <= ?2") + " ORDER BY cluster.cluster_key",
      [.text(folded)] + (last.map { [.text($0)] } ?? [])
    ) { row in
      let (key, entry) = try row.clusterEntry(buffer: &text)
      let record = try row.optionalText()
      let revisionIsLogged = try row.bool()
      while let next = rest.first, next.key < key.folded {
        add(next.key, next.seq, hasRow: false)
        rest.removeFirst()
      }
      guard let next = rest.first, next.key == key.folded else {
        add(key.folded, nil, hasRow: true)
        return true
      }
      rest.removeFirst()
      let isLogged =
        try entry.updatedSeq == next.seq
        && (entry.pendingConfirm == nil && record.map { $0.utf8.elementsEqual(entry.text) } ?? false
          || entry.equals(loggedCluster(key.folded)))
      if !isLogged { add(key.folded, next.seq, hasRow: true) }
      if !revisionIsLogged {
        differences.append(
          ProjectionDifference(
            row: "the newest revision of \(key.folded) in the table revision", what: "is not what the log recorded",
            correction: .none))
      }
      return true
    }
    for next in rest { add(next.key, next.seq, hasRow: false) }
    return (differences, last)
  }

  /// The cluster with a folded key as the log's last change of it left it; `nil` where the log has none.
  package func loggedCluster(_ folded: String) throws -> ClusterEntry? {
    try lastChange(of: folded)?.effects.cluster.map { ClusterEntry($0) }
  }

  /// The last change of the cluster with a folded key.
  func lastChange(of folded: String) throws -> Change? {
    try row(
      .change, "SELECT \(Columns.change) FROM change WHERE cluster_key = ? ORDER BY seq DESC LIMIT 1", [.text(folded)]
    ) { row in
      let change = try row.change()
      guard change.effects.cluster?.key.folded == folded else { throw row.damage("it is of another cluster") }
      return change
    }
  }

  /// Each cluster's row, what the change that it names recorded, and whether its newest revision is the recorded one.
  private static let comparisonSQL = """
    SELECT \(ClusterEntry.qualifiedColumns),
      iif(json_valid(change.record), change.record -> '$.effects.cluster', NULL) AS record,
      coalesce(iif(json_valid(made.record),
        coalesce(head.config, 'null') IS (made.record -> '$.effects.revision.config')
        AND head.revision IS (made.record ->> '$.effects.revision.revision')
        AND head.base_revision IS (made.record ->> '$.effects.revision.baseRevision')
        AND head.origin IS (made.record ->> '$.effects.revision.origin')
        AND head.restores IS (made.record ->> '$.effects.revision.restores')
        AND made.cluster_key = cluster.cluster_key, 0), 0) AS revision_is_logged
    FROM cluster
    LEFT JOIN change ON change.seq = cluster.updated_seq
    LEFT JOIN revision AS head ON head.cluster_key = cluster.cluster_key AND head.revision = cluster.revision
    LEFT JOIN change AS made ON made.seq = head.seq
    WHERE cluster.cluster_key > ?1
    """
}
