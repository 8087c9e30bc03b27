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
