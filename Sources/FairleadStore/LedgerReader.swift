// What a transaction can read of clusters, their revisions and registrations.

internal import ExactJSON
package import FairleadModel
internal import GRDB

/// The ledger as one transaction sees it. It must not outlive the closure that it was passed to.
package struct LedgerReader {
  let database: Database

  init(database: Database) { self.database = database }

  // MARK: Clusters

  /// A cluster's current row, deleted or not.
  package func cluster(_ key: ClusterKey) throws -> Cluster? {
    try row(.cluster, "SELECT \(Columns.cluster) FROM cluster WHERE cluster_key = ?", [.text(key.folded)]) { row in
      let cluster = try row.cluster()
      guard cluster.key.folded == key.folded else { throw row.damage("it was found under another key") }
      return cluster
    }
  }

  /// How many clusters exist in a subscription, and how many of them differ from AKS's defaults.
  ///
  /// `corrections` are clusters whose rows are not to be believed.
  package func clusterCounts(
    in subscription: String, corrections: Corrections = .none
  ) throws -> (clusters: Int, configured: Int) {
    guard corrections.isEmpty else {
      let names = try clusterNames(in: subscription, corrections: corrections)
      return (names.count, names.count { $0.isConfigured })
    }
    return try row(
      .summary(of: "the table cluster"),
      """
      SELECT count(*) AS clusters, count(*) FILTER (WHERE effective <> ?) AS configured
      FROM cluster WHERE NOT deleted AND lower(subscription) = ?
      """, [.text(EffectiveConfig.defaults.json.text), .text(subscription.folded)]
    ) { (clusters: try $0.int(), configured: try $0.int()) } ?? (0, 0)
  }

  /// The display name of every existing cluster of a subscription, and whether it differs from AKS's defaults; in the order
  /// of the keys. Reads five columns of each row, since there may be 100,000.
  package func clusterNames(
    in subscription: String, corrections: Corrections = .none
  ) throws -> [(subject: String, isConfigured: Bool)] {
    var last = ""
    var names: [(key: ClusterKey, isConfigured: Bool)] = try rows(
      .cluster,
      """
      SELECT \(Columns.clusterKey), effective <> ? AS effective
      FROM cluster WHERE NOT deleted AND lower(subscription) = ? ORDER BY cluster_key
      """, [.text(EffectiveConfig.defaults.json.text), .text(subscription.folded)]
    ) { row in
      let key = try row.clusterKey()
      guard key.folded > last else { throw row.damage(Self.disorder) }
      last = key.folded
      return (key, try row.bool())
    }
    guard !corrections.isEmpty else { return names.map { ($0.key.display, $0.isConfigured) } }
    names.removeAll { corrections.contains($0.key.folded) }
    // "0" is the character after "/".
    let range = corrections.entries(after: "\(subscription.folded)/", through: "\(subscription.folded)0")
    for (folded, entry) in range where !entry.deleted {
      let cluster = try entry.cluster(folded: folded)
      names.append((cluster.key, cluster.config.effective != .defaults))
    }
    names.sort { $0.key.folded < $1.key.folded }
    return names.map { ($0.key.display, $0.isConfigured) }
  }

  // MARK: Registrations

  package func features(_ filter: RegistrationFilter, after cursor: String?, limit: Int) throws -> [Feature] {
    let (conditions, arguments) = selection(filter, key: "feature_key", after: cursor)
    return try inOrder(
      .feature, "SELECT \(Columns.feature) FROM feature WHERE \(conditions) ORDER BY feature_key LIMIT ?",
      arguments + [.int(limit)], after: cursor?.folded ?? "", key: \.key.folded
    ) { try $0.feature() }
  }

  package func providers(_ filter: RegistrationFilter, after cursor: String?, limit: Int) throws -> [Provider] {
    let (conditions, arguments) = selection(filter, key: "provider_key", after: cursor)
    return try inOrder(
      .provider, "SELECT \(Columns.provider) FROM provider WHERE \(conditions) ORDER BY provider_key LIMIT ?",
      arguments + [.int(limit)], after: cursor?.folded ?? "", key: \.key.folded
    ) { try $0.provider() }
  }

  package func clientExtensions(after cursor: String?, limit: Int) throws -> [ClientExtension] {
    try inOrder(
      .clientExtension,
      "SELECT \(Columns.clientExtension) FROM extension WHERE extension_key > ? ORDER BY extension_key LIMIT ?",
      [.text(cursor?.folded ?? ""), .int(limit)], after: cursor?.folded ?? "", key: \.name.folded
    ) { try $0.clientExtension() }
  }

  private func selection(
    _ filter: RegistrationFilter, key: String, after cursor: String?
  ) -> (conditions: String, arguments: [SQLArgument]) {
    var conditions = ["\(key) > ?"]
    var arguments: [SQLArgument] = [.text(cursor?.folded ?? "")]
    if let subscription = filter.subscription {
      conditions.append("lower(subscription) = ?")
      arguments.append(.text(subscription.folded))
    }
    if let namespace = filter.namespace {
      conditions.append("lower(namespace) = ?")
      arguments.append(.text(namespace.folded))
    }
    return (conditions.joined(separator: " AND "), arguments)
  }

  // MARK: Order

  /// What is wrong with a row whose key is not after that of the row before it.
  private static let disorder = "it is out of order"

  /// The rows of a selection that is ordered by key: strictly ascending. A damaged tree can return rows again, in another order
  /// and without an end.
  private func inOrder<Value>(
    _ subject: RowSubject, _ sql: String, _ arguments: [SQLArgument], after folded: String,
    key: (Value) -> String, _ decode: (inout RowReader) throws -> Value
  ) throws -> [Value] {
    var last = folded
    return try rows(subject, sql, arguments) { row in
      let value = try decode(&row)
      let folded = key(value)
      guard folded > last else { throw row.damage(Self.disorder) }
      last = folded
      return value
    }
  }
}

// MARK: Rows

extension LedgerReader {
  func row<Value>(
    _ subject: RowSubject, _ sql: String, _ arguments: [SQLArgument] = [],
    _ decode: (inout RowReader) throws -> Value
  ) throws -> Value? {
    try database.selectRow(subject, sql, arguments, decode)
  }

  func rows<Value>(
    _ subject: RowSubject, _ sql: String, _ arguments: [SQLArgument] = [],
    _ decode: (inout RowReader) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    try database.selectRows(subject, sql, arguments) {
      values.append(try decode(&$0))
      return true
    }
    return values
  }
}
