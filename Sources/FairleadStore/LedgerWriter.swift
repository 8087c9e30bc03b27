// Appends changes to the log and updates the tables that are projections of it.

internal import ExactJSON
package import FairleadModel
internal import GRDB

/// A write transaction. Its reader sees what it has written.
package struct LedgerWriter {
  package let reader: LedgerReader
  private var database: Database { reader.database }

  init(database: Database) { reader = LedgerReader(database: database) }

  /// Opens a savepoint. There is one at a time.
  package func savepoint() throws { try database.run("SAVEPOINT request") }

  /// Ends the savepoint and keeps what was written since, as part of the transaction.
  package func releaseSavepoint() throws { try database.run("RELEASE request") }

  /// Reverts what was written since the savepoint, and ends it. Throws where SQLite has rolled the whole transaction back.
  package func rollbackToSavepoint() throws {
    try database.run("ROLLBACK TO request")
    try releaseSavepoint()
  }

  /// Whether the transaction is still open: SQLite rolls it back by itself where the disk is full or broken.
  package var isOpen: Bool { database.isInsideTransaction }

  /// Appends `change` to the log and updates every projection. The schema refuses a gap in `seq` or in a revision's number.
  ///
  /// `report` is the change's report, encoded: most callers have encoded it already, for the reply.
  package func append(_ change: Change, report: [UInt8]) throws {
    try database.run(
      "INSERT INTO change (seq, at, cluster_key, actor_uid, request_id, record) VALUES (?, ?, ?, ?, ?, ?)"
    ) { row in
      row.bind(change.seq)
      row.bind(change.at.text)
      row.bind(change.effects.cluster?.key.folded)
      row.bind(Int(change.actor.uid))
      row.bind(change.requestID)
      row.bind(text: change.ledgerText(report: report))
    }
    do {
      try project(change)
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY {
      // What the daemon plans refers to what the log has, unless it was planned on a row that another program changed.
      throw LedgerError.damage(
        "\(Self.rowName(of: change)): it refers to a change or a revision that the log does not have",
        isProjection: true, detail: error.message)
    }
  }

  /// The row that a change is of, as errors name it.
  private static func rowName(of change: Change) -> String {
    let effects = change.effects
    let key =
      switch change.kind {
      case .cluster: effects.cluster?.key.folded
      case .feature: effects.features.first?.key.folded
      case .provider: effects.provider?.key.folded
      case .extension: effects.extension?.name.folded
      }
    return "the row of \(key ?? change.subject) in the table \(change.kind.rawValue)"
  }

  /// Updates the projections from the change's effects alone, so that they can be rebuilt from the log.
  func project(_ change: Change) throws {
    let effects = change.effects
    if let revision = effects.revision, let cluster = effects.cluster { try insert(revision, of: cluster.key) }
    if let cluster = effects.cluster { try upsert(cluster) }
    for feature in effects.features { try upsert(feature) }
    if let provider = effects.provider { try upsert(provider) }
    if let clientExtension = effects.extension { try upsert(clientExtension) }
  }

  private func insert(_ revision: Revision, of key: ClusterKey) throws {
    try database.run(
      """
      INSERT INTO revision (cluster_key, revision, base_revision, origin, config, restores, seq)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    ) { row in
      row.bind(key.folded)
      row.bind(revision.revision)
      row.bind(revision.baseRevision)
      row.bind(revision.origin.rawValue)
      row.bind(text: revision.config?.text)
      row.bind(revision.restores)
      row.bind(revision.seq)
    }
  }

  private func upsert(_ cluster: Cluster) throws {
    try database.run(
      """
      INSERT INTO cluster (cluster_key, subscription, resource_group, name, revision, config, effective, facts, labels,
        created_at, updated_at, updated_seq, deleted, confirm_seq, confirm_revision, confirm_restores, confirm_deadline,
        confirm_boot, confirm_boot_deadline)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (cluster_key) DO UPDATE SET
        subscription = excluded.subscription, resource_group = excluded.resource_group, name = excluded.name,
        revision = excluded.revision, config = excluded.config, effective = excluded.effective, facts = excluded.facts,
        labels = excluded.labels, created_at = excluded.created_at, updated_at = excluded.updated_at,
        updated_seq = excluded.updated_seq, deleted = excluded.deleted, confirm_seq = excluded.confirm_seq,
        confirm_revision = excluded.confirm_revision, confirm_restores = excluded.confirm_restores,
        confirm_deadline = excluded.confirm_deadline, confirm_boot = excluded.confirm_boot,
        confirm_boot_deadline = excluded.confirm_boot_deadline
      """
    ) { row in
      row.bind(cluster.key.folded)
      row.bind(cluster.key.subscription)
      row.bind(cluster.key.resourceGroup)
      row.bind(cluster.key.name)
      row.bind(cluster.revision)
      row.bind(text: cluster.config.text)
      row.bind(text: cluster.config.effective.text)
      row.bind(text: cluster.facts.text)
      row.bind(text: cluster.labels.text)
      row.bind(cluster.createdAt.text)
      row.bind(cluster.updatedAt.text)
      row.bind(cluster.updatedSeq)
      row.bind(cluster.deleted)
      let pending = cluster.pendingConfirm
      row.bind(pending?.seq)
      row.bind(pending?.revision)
      row.bind(pending?.restores)
      row.bind(pending?.deadline.text)
      row.bind(pending?.bootDeadline?.boot)
      row.bind(pending?.bootDeadline?.milliseconds)
    }
  }

  private func upsert(_ feature: Feature) throws {
    try execute(
      """
      INSERT INTO feature (feature_key, subscription, namespace, name, state, propagated, since, updated_seq,
        registered_seq, settle_seq, settle_due_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (feature_key) DO UPDATE SET
        state = excluded.state, propagated = excluded.propagated, since = excluded.since,
        updated_seq = excluded.updated_seq, registered_seq = excluded.registered_seq, settle_seq = excluded.settle_seq,
        settle_due_at = excluded.settle_due_at
      """,
      [
        feature.key.folded, feature.key.provider.subscription, feature.key.provider.namespace, feature.key.name,
        feature.state.rawValue, feature.propagated, feature.since.text, feature.updatedSeq, feature.registeredSeq,
        feature.pending?.requestedSeq, feature.pending?.dueAt.text,
      ])
  }

  private func upsert(_ provider: Provider) throws {
    try execute(
      """
      INSERT INTO provider (provider_key, subscription, namespace, state, since, updated_seq, settle_seq, settle_due_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (provider_key) DO UPDATE SET
        state = excluded.state, since = excluded.since, updated_seq = excluded.updated_seq,
        settle_seq = excluded.settle_seq, settle_due_at = excluded.settle_due_at
      """,
      [
        provider.key.folded, provider.key.subscription, provider.key.namespace, provider.state.rawValue,
        provider.since.text, provider.updatedSeq, provider.pending?.requestedSeq, provider.pending?.dueAt.text,
      ])
  }

  private func upsert(_ clientExtension: ClientExtension) throws {
    try execute(
      """
      INSERT INTO extension (extension_key, name, version, since, updated_seq) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (extension_key) DO UPDATE SET
        version = excluded.version, since = excluded.since, updated_seq = excluded.updated_seq
      """,
      [
        clientExtension.name.folded, clientExtension.name, clientExtension.version, clientExtension.since.text,
        clientExtension.updatedSeq,
      ])
  }

  private func execute(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
    try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
  }
}
