// Decodes rows of the ledger. A row that does not decode is corruption, since only the daemon writes these rows.

internal import ExactJSON
internal import FairleadModel
internal import GRDB

extension LedgerReader {
  func row(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?] = []) throws -> Row? {
    try Row.fetchOne(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
  }

  func rows(_ sql: String, _ arguments: [any DatabaseValueConvertible]) throws -> [Row] {
    try Row.fetchAll(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
  }

  private func text(_ row: Row, _ column: String) -> String.UTF8View {
    let text: String = row[column]
    return text.utf8
  }

  func timestamp(_ text: String) throws -> Timestamp {
    guard let timestamp = Timestamp(recorded: text) else { throw corrupt("'\(text)' is not a time") }
    return timestamp
  }

  func document(_ text: String) throws -> KubeProxyConfig {
    try decoding(text.utf8) { (json) throws(Refusal) in try KubeProxyDocument(json).config }
  }

  func change(_ row: Row) throws -> Change {
    try decoding(text(row, "record")) { (json) throws(Refusal) in try Change(JSONObjectDecoder(json, allowedKeys: nil))
    }
  }

  func key(_ row: Row) -> ClusterKey {
    ClusterKey(subscription: row["subscription"], resourceGroup: row["resource_group"], name: row["name"])
  }

  func cluster(_ row: Row) throws -> Cluster {
    Cluster(
      key: key(row), revision: row["revision"], config: try document(row["config"]),
      facts: try decoding(text(row, "facts")) { (json) throws(Refusal) in
        try ClusterFacts(JSONObjectDecoder(json, path: "facts", allowedKeys: nil))
      },
      labels: try decoding(text(row, "labels")) { (json) throws(Refusal) in
        try Labels(JSONObjectDecoder(json, path: "labels", allowedKeys: nil))
      },
      createdAt: try timestamp(row["created_at"]), updatedAt: try timestamp(row["updated_at"]),
      updatedSeq: row["updated_seq"], deleted: row["deleted"], pendingConfirm: try pendingConfirm(row))
  }

  func revision(_ row: Row) throws -> Revision {
    let (actor, message) = try decoding(text(row, "said")) { (json) throws(Refusal) in
      (
        try Actor(JSONObjectDecoder(json.arrayValue?.first ?? .null, path: "actor", allowedKeys: nil)),
        json.arrayValue?.last?.stringValue
      )
    }
    let config: String? = row["config"]
    guard let origin = Origin(rawValue: row["origin"]) else { throw corrupt("an unknown origin of a revision") }
    return Revision(
      revision: row["revision"], baseRevision: row["base_revision"], origin: origin, config: try config.map(document),
      seq: row["seq"], at: try timestamp(row["at"]), actor: actor, message: message, restores: row["restores"])
  }

  func feature(_ row: Row) throws -> Feature {
    Feature(
      key: FeatureKey(
        provider: ProviderKey(subscription: row["subscription"], namespace: row["namespace"]), name: row["name"]),
      state: try state(row), propagated: row["propagated"], since: try timestamp(row["since"]),
      updatedSeq: row["updated_seq"], registeredSeq: row["registered_seq"], pending: try pending(row))
  }

  func provider(_ row: Row) throws -> Provider {
    Provider(
      key: ProviderKey(subscription: row["subscription"], namespace: row["namespace"]), state: try state(row),
      since: try timestamp(row["since"]), updatedSeq: row["updated_seq"], pending: try pending(row))
  }

  func clientExtension(_ row: Row) throws -> ClientExtension {
    ClientExtension(
      name: row["name"], version: row["version"], since: try timestamp(row["since"]), updatedSeq: row["updated_seq"])
  }

  private func state(_ row: Row) throws -> RegistrationState {
    guard let state = RegistrationState(rawValue: row["state"]) else { throw corrupt("an unknown registration state") }
    return state
  }

  private func pending(_ row: Row) throws -> PendingSettle? {
    guard let seq: Int = row["settle_seq"] else { return nil }
    return PendingSettle(requestedSeq: seq, dueAt: try timestamp(row["settle_due_at"]))
  }

  func pendingConfirm(_ row: Row) throws -> PendingConfirm? {
    guard let seq: Int = row["confirm_seq"] else { return nil }
    let boot: String? = row["confirm_boot"]
    return PendingConfirm(
      seq: seq, revision: row["confirm_revision"], restores: row["confirm_restores"],
      deadline: try timestamp(row["confirm_deadline"]),
      bootDeadline: boot.map { BootTime(boot: $0, milliseconds: row["confirm_boot_deadline"]) })
  }
}

/// Decodes JSON that the daemon wrote. What `body` cannot decode is corruption.
func decoding<Value>(
  _ text: some Collection<UInt8>, _ body: (JSON) throws(Refusal) -> Value
) throws(LedgerError) -> Value {
  let json: JSON
  do {
    json = try JSON(parsing: text)
  } catch {
    throw corrupt("a record that is not JSON: \(error.explanation)")
  }
  do {
    return try body(json)
  } catch {
    throw corrupt(error.message)
  }
}
