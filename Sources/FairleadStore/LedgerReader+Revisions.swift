// What a transaction can read of a cluster's revisions.

package import FairleadModel

extension LedgerReader {
  package func revision(_ number: Int, of key: ClusterKey) throws -> Revision? {
    try row(.revision, Self.revisionSQL + " AND revision.revision = ?", [.text(key.folded), .int(number)]) { row in
      let revision = try row.revision(of: key)
      guard revision.revision == number else { throw row.damage("it was found under the number \(number)") }
      return revision
    }
  }

  /// Up to `limit` revisions before `cursor`, newest first: without a gap, and down to revision 1 where
  /// there are fewer than `limit`.
  package func revisions(of key: ClusterKey, before cursor: Int?, limit: Int) throws -> [Revision] {
    var last = cursor
    let revisions = try rows(
      .revision, Self.revisionSQL + " AND revision.revision < ? ORDER BY revision.revision DESC LIMIT ?",
      [.text(key.folded), .int(cursor ?? Int.max), .int(limit)]
    ) { row in
      let revision = try row.revision(of: key)
      if let last {
        guard revision.revision < last else { throw row.damage("it is out of order, after revision \(last)") }
        // The cursor may be any number, also one past the newest revision.
        guard revision.revision == last - 1 || last == cursor else { throw missing(revision: last - 1, of: key) }
      }
      last = revision.revision
      return revision
    }
    if revisions.count < limit, let last, last > 1, limit > 0 { throw missing(revision: last - 1, of: key) }
    return revisions
  }

  /// What to throw where a revision that must exist is not there.
  package func missing(revision: Int, of key: ClusterKey) -> LedgerError {
    .damage("revision \(revision) of \(key.folded): it is missing from the table revision", isProjection: true)
  }

  /// The newest mode that was enabled since the cluster was last created: the one that last wrote rules on the nodes.
  package func lastMode(of key: ClusterKey) throws -> ProxyMode? {
    try row(
      .revision,
      """
      SELECT cluster_key, revision, config FROM revision
      WHERE cluster_key = ?1 AND config IS NOT NULL
        AND iif(json_valid(config), coalesce(json_extract(config, '$.enabled'), 1), 1)
        AND revision >= (SELECT max(revision) FROM revision WHERE cluster_key = ?1 AND origin = 'create')
      ORDER BY revision DESC LIMIT 1
      """, [.text(key.folded)]
    ) { row in
      _ = (try row.text(), try row.int())
      return try row.document().effective.mode
    } ?? nil
  }

  /// The documents that set IPVS timeouts since the cluster was last created, newest first, among the last
  /// `Limits.timeoutRevisions` revisions up to `revision`: what the nodes' kernels may still hold.
  package func documentsWithTimeouts(of key: ClusterKey, upTo revision: Int) throws
    -> [(revision: Int, config: KubeProxyConfig)]
  {
    var documents: [(revision: Int, config: KubeProxyConfig)] = []
    try database.selectRows(
      .revision,
      """
      SELECT cluster_key, revision, config, origin FROM revision
      WHERE cluster_key = ?1 AND revision > ?2 AND revision <= ?3
        AND (config LIKE '%TimeoutSeconds%' OR origin IN ('create', 'delete'))
      ORDER BY revision DESC
      """, [.text(key.folded), .int(revision - Limits.timeoutRevisions), .int(revision)]
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

  private static let revisionSQL = """
    SELECT \(Columns.revision)
    FROM revision JOIN change ON change.seq = revision.seq
    WHERE revision.cluster_key = ?
    """
}
