// What a transaction can read: the log, clusters and their revisions, registrations.

internal import ExactJSON
package import FairleadModel
internal import GRDB

/// The ledger as one transaction sees it. It must not outlive the closure that it was passed to.
package struct LedgerReader {
  let database: Database

  init(database: Database) { self.database = database }

  // MARK: The log

  /// The number and time of the log's last change; 0 and `nil` for an empty log.
  package func logEnd() throws -> (seq: Int, at: Timestamp?) {
    let row = try row("SELECT seq, at FROM change ORDER BY seq DESC LIMIT 1")
    return (row?["seq"] ?? 0, try row.map { try timestamp($0["at"]) })
  }

  package func change(seq: Int) throws -> Change? {
    try row("SELECT record FROM change WHERE seq = ?", [seq]).map(change)
  }

  /// The change that `uid` requested with this idempotency key.
  package func change(uid: UInt32, requestID: String) throws -> Change? {
    try row("SELECT record FROM change WHERE actor_uid = ? AND request_id = ?", [Int(uid), requestID]).map(change)
  }

  /// Up to `limit` changes after `seq`, in order.
  package func changes(_ filter: ChangeFilter, after seq: Int, limit: Int) throws -> [Change] {
    var conditions = ["seq > ?"]
    var arguments: [any DatabaseValueConvertible] = [seq]
    if let cluster = filter.cluster {
      conditions.append("cluster_key = ?")
      arguments.append(cluster.folded)
    }
    if let kind = filter.kind {
      conditions.append("json_extract(record, '$.kind') = ?")
      arguments.append(kind.rawValue)
    }
    arguments.append(limit)
    return try rows(
      "SELECT record FROM change WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq LIMIT ?", arguments
    ).map(change)
  }

  /// The last changes of a cluster after `seq`, at most `limit`, in order.
  package func lastChanges(of key: ClusterKey, after seq: Int, limit: Int) throws -> [Change] {
    try rows(
      "SELECT record FROM change WHERE cluster_key = ? AND seq > ? ORDER BY seq DESC LIMIT ?", [key.folded, seq, limit]
    ).map(change).reversed()
  }

  /// The last change of a cluster at or before a time.
  package func change(of key: ClusterKey, at time: Timestamp) throws -> Change? {
    try row(
      "SELECT record FROM change WHERE cluster_key = ? AND at <= ? ORDER BY seq DESC LIMIT 1", [key.folded, time.text]
    ).map(change)
  }

  // MARK: Clusters

  /// A cluster's current row, deleted or not.
  package func cluster(_ key: ClusterKey) throws -> Cluster? {
    try row("SELECT * FROM cluster WHERE cluster_key = ?", [key.folded]).map(cluster)
  }

  /// How many clusters exist in a subscription, and how many of them differ from AKS's defaults.
  package func clusterCounts(in subscription: String) throws -> (clusters: Int, configured: Int) {
    let row = try row(
      """
      SELECT count(*) AS clusters, count(*) FILTER (WHERE effective <> ?) AS configured
      FROM cluster WHERE NOT deleted AND lower(subscription) = ?
      """, [EffectiveConfig.defaults.json.text, subscription.folded])
    return (row?["clusters"] ?? 0, row?["configured"] ?? 0)
  }

  /// The display name of every existing cluster of a subscription, and whether it differs from AKS's defaults; in the order
  /// of the keys. Reads four columns of each row, since there may be 100,000.
  package func clusterNames(in subscription: String) throws -> [(subject: String, isConfigured: Bool)] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT resource_group, name, subscription, effective <> ? AS configured
        FROM cluster WHERE NOT deleted AND lower(subscription) = ? ORDER BY cluster_key
        """)
    let rows = try Row.fetchCursor(
      statement, arguments: [EffectiveConfig.defaults.json.text, subscription.folded])
    var clusterNames: [(subject: String, isConfigured: Bool)] = []
    while let row = try rows.next() {
      let key = ClusterKey(subscription: row["subscription"], resourceGroup: row["resource_group"], name: row["name"])
      clusterNames.append((key.display, row["configured"]))
    }
    return clusterNames
  }

  package func revision(_ number: Int, of key: ClusterKey) throws -> Revision? {
    try row(Self.revisionSQL + " AND revision.revision = ?", [key.folded, number]).map(revision)
  }

  /// Up to `limit` revisions before `cursor`, newest first.
  package func revisions(of key: ClusterKey, before cursor: Int?, limit: Int) throws -> [Revision] {
    try rows(
      Self.revisionSQL + " AND revision.revision < ? ORDER BY revision.revision DESC LIMIT ?",
      [key.folded, cursor ?? Int.max, limit]
    ).map(revision)
  }

  /// The newest mode that was enabled since the cluster was last created: the one that last wrote rules on the nodes.
  package func lastMode(of key: ClusterKey) throws -> ProxyMode? {
    let config: String? = try row(
      """
      SELECT config FROM revision
      WHERE cluster_key = ?1 AND config IS NOT NULL AND coalesce(json_extract(config, '$.enabled'), 1)
        AND revision >= (SELECT max(revision) FROM revision WHERE cluster_key = ?1 AND origin = 'create')
      ORDER BY revision DESC LIMIT 1
      """, [key.folded])?["config"]
    return try config.map { try document($0).effective.mode } ?? nil
  }

  /// The documents that set IPVS timeouts since the cluster was last created, newest first, among the last
  /// `Limits.timeoutRevisions` revisions up to `revision`: what the nodes' kernels may still hold.
  package func documentsWithTimeouts(of key: ClusterKey, upTo revision: Int) throws
    -> [(revision: Int, config: KubeProxyConfig)]
  {
    var documents: [(revision: Int, config: KubeProxyConfig)] = []
    for row in try rows(
      """
      SELECT revision, config, origin FROM revision
      WHERE cluster_key = ?1 AND revision > ?2 AND revision <= ?3
        AND (config LIKE '%TimeoutSeconds%' OR origin IN ('create', 'delete'))
      ORDER BY revision DESC
      """, [key.folded, revision - Limits.timeoutRevisions, revision])
    {
      guard let config: String = row["config"] else { break }
      documents.append((revision: row["revision"], config: try document(config)))
      if row["origin"] == Origin.create.rawValue { break }
    }
    return documents
  }

  /// Extracts from the record only the members that a revision shows, in a tenth of the time that decoding all of it takes.
  /// With two paths json_extract returns JSON text, in which every character survives.
  private static let revisionSQL = """
    SELECT revision.*, change.at, json_extract(change.record, '$.actor', '$.message') AS said
    FROM revision JOIN change ON change.seq = revision.seq
    WHERE revision.cluster_key = ?
    """

  // MARK: Registrations

  package func features(_ filter: RegistrationFilter, after cursor: String?, limit: Int) throws -> [Feature] {
    let (conditions, arguments) = selection(filter, key: "feature_key", after: cursor)
    return try rows("SELECT * FROM feature WHERE \(conditions) ORDER BY feature_key LIMIT ?", arguments + [limit])
      .map(feature)
  }

  package func providers(_ filter: RegistrationFilter, after cursor: String?, limit: Int) throws -> [Provider] {
    let (conditions, arguments) = selection(filter, key: "provider_key", after: cursor)
    return try rows("SELECT * FROM provider WHERE \(conditions) ORDER BY provider_key LIMIT ?", arguments + [limit])
      .map(provider)
  }

  package func clientExtensions(after cursor: String?, limit: Int) throws -> [ClientExtension] {
    try rows(
      "SELECT * FROM extension WHERE extension_key > ? ORDER BY extension_key LIMIT ?", [cursor?.folded ?? "", limit]
    ).map(clientExtension)
  }

  private func selection(
    _ filter: RegistrationFilter, key: String, after cursor: String?
  ) -> (conditions: String, arguments: [any DatabaseValueConvertible]) {
    var conditions = ["\(key) > ?"]
    var arguments: [any DatabaseValueConvertible] = [cursor?.folded ?? ""]
    if let subscription = filter.subscription {
      conditions.append("lower(subscription) = ?")
      arguments.append(subscription.folded)
    }
    if let namespace = filter.namespace {
      conditions.append("lower(namespace) = ?")
      arguments.append(namespace.folded)
    }
    return (conditions.joined(separator: " AND "), arguments)
  }
}
