// What a transaction can read of a cluster's revisions.

package import FairleadModel

extension LedgerReader {
  /// A revision as the log recorded it; `nil` where the log has none of that number. The row says where it is, and nothing else
  /// of it is believed; where the row says something that is not so, the log is searched.
  package func revision(_ number: Int, of key: ClusterKey) throws -> Revision? {
    let found = try row(
      .revision, Self.revisionSQL + " AND revision.revision = ?", [.text(key.folded), .int(number)]
    ) { try $0.revision(of: key) }
    if let revision = found?.recorded, revision.revision == number { return revision }
    return try loggedRevision(number, of: key)
  }

  /// The same from the records of the cluster's changes alone, of which it may read all.
  private func loggedRevision(_ number: Int, of key: ClusterKey) throws -> Revision? {
    guard number > 0, let last = try lastChange(of: key.folded), number <= last.effects.cluster?.revision ?? 0 else {
      return nil
    }
    let change = try row(
      .change,
      """
      SELECT \(Columns.change) FROM change
      WHERE cluster_key = ? AND iif(json_valid(record), record ->> '$.effects.revision.revision', NULL) = ?
      ORDER BY seq LIMIT 1
      """, [.text(key.folded), .int(number)]
    ) { try $0.change() }
    return change?.effects.revision
  }

  /// Up to `limit` revisions before `cursor`, newest first: without a gap, and down to revision 1 where
  /// there are fewer than `limit`.
  package func revisions(of key: ClusterKey, before cursor: Int?, limit: Int) throws -> [Revision] {
    var last = cursor
    let revisions = try rows(
      .revision, Self.revisionSQL + " AND revision.revision < ? ORDER BY revision.revision DESC LIMIT ?",
      [.text(key.folded), .int(cursor ?? Int.max), .int(limit)]
    ) { row in
      let (number, recorded) = try row.revision(of: key)
      if let last {
        guard number < last else { throw row.damage("it is out of order, after revision \(last)") }
        // The cursor may be any number, also one past the newest revision.
        guard number == last - 1 || last == cursor else { throw missing(revision: last - 1, of: key) }
      }
      last = number
      if let recorded, recorded.revision == number { return recorded }
      guard let logged = try loggedRevision(number, of: key) else { throw row.damage("the log has no such revision") }
      return logged
    }
    if revisions.count < limit, let last, last > 1, limit > 0 { throw missing(revision: last - 1, of: key) }
    return revisions
  }

  /// What to throw where a revision that must exist is not there.
  package func missing(revision: Int, of key: ClusterKey) -> LedgerError {
    .damage("revision \(revision) of \(key.folded): it is missing from the table revision", isProjection: true)
  }

  /// The newest mode that was enabled since the cluster was last created, among the last `Limits.lastModeRevisions` revisions up
  /// to `revision`: the one that last wrote rules on the nodes. `nil` where none of these had kube-proxy enabled: then no mode is
  /// known, as for a cluster that was created with kube-proxy disabled.
  package func lastMode(of key: ClusterKey, upTo revision: Int) throws -> ProxyMode? {
    var mode: ProxyMode?
    try database.selectRows(
      .revision, Self.lastModeSQL, [.text(key.folded), .int(revision - Limits.lastModeRevisions), .int(revision)]
    ) { row in
      _ = (try row.text(), try row.int())
      let isCreate = try row.bool()
      // A delete removes no rules from the nodes.
      if !row.isNull { mode = try row.document().effective.mode }
      return mode == nil && !isCreate
    }
    return mode
  }

  static let lastModeSQL = """
    SELECT revision.cluster_key, revision.revision, revision.origin = 'create' AS is_create, \(recordedConfig) AS config
    FROM revision JOIN change ON change.seq = revision.seq
    WHERE revision.cluster_key = ? AND revision.revision > ? AND revision.revision <= ?
    ORDER BY revision.revision DESC
    """

  /// The document of the revision that the change of a row recorded, as JSON text; NULL for the end of a cluster. What is no JSON
  /// is itself, so that it is read and refused.
  private static let recordedConfig =
    "iif(json_valid(change.record), json_extract(change.record, '$.effects.revision.config'), change.record)"

  /// The documents that set IPVS timeouts since the cluster was last created, newest first, among the last
  /// `Limits.timeoutRevisions` revisions up to `revision`: what the nodes' kernels may still hold.
  package func documentsWithTimeouts(of key: ClusterKey, upTo revision: Int) throws
    -> [(revision: Int, config: KubeProxyConfig)]
  {
    var documents: [(revision: Int, config: KubeProxyConfig)] = []
    try database.selectRows(
      .revision, Self.timeoutsSQL, [.text(key.folded), .int(revision - Limits.timeoutRevisions), .int(revision)]
    ) { row in
      _ = try row.text()
      let number = try row.int()
      guard !row.isNull else { return false }
      documents.append((revision: number, config: try row.document()))
      let origin: Origin = try row.word()
      return origin != .create
    }
    return documents
  }

  static let timeoutsSQL = """
    SELECT revision.cluster_key, revision.revision, \(recordedConfig) AS config, origin
    FROM revision JOIN change ON change.seq = revision.seq
    WHERE revision.cluster_key = ? AND revision.revision > ? AND revision.revision <= ?
      AND (config LIKE '%TimeoutSeconds%' OR origin IN ('create', 'delete'))
    ORDER BY revision.revision DESC
    """

  private static let revisionSQL = """
    SELECT \(Columns.revision)
    FROM revision JOIN change ON change.seq = revision.seq
    WHERE revision.cluster_key = ?
    """
}
