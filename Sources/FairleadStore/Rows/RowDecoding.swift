// Decodes rows of the ledger, each from the columns that its selection names.

internal import ExactJSON
internal import FairleadModel

extension RowReader {
  mutating func document() throws(LedgerError) -> KubeProxyConfig {
    try json { (json) throws(Refusal) in try KubeProxyDocument(json).config }
  }

  /// From `Columns.change`. The record must be the one of its row.
  mutating func change() throws(LedgerError) -> Change {
    let seq = try sequenceNumber()
    let change = try json { (json) throws(Refusal) in try Change(JSONObjectDecoder(json, allowedKeys: nil)) }
    let (cluster, revision) = (change.effects.cluster, change.effects.revision)
    guard change.seq == seq, cluster?.updatedSeq ?? seq == seq, revision?.seq ?? seq == seq,
      revision == nil || revision?.revision == cluster?.revision
    else { throw damage("its record is of another change") }
    return change
  }

  /// A cluster's identity from its folded key and its three names, which must agree.
  mutating func clusterKey() throws(LedgerError) -> ClusterKey {
    let folded = try text()
    let key = ClusterKey(subscription: try text(), resourceGroup: try text(), name: try text())
    guard key.folded == folded else { throw damage("its names are not those of its key") }
    return key
  }

  /// From `Columns.cluster`.
  mutating func cluster() throws(LedgerError) -> Cluster {
    let cluster = Cluster(
      key: try clusterKey(), revision: try sequenceNumber(), config: try document(),
      facts: try json { (json) throws(Refusal) in
        try ClusterFacts(JSONObjectDecoder(json, path: "facts", allowedKeys: nil))
      },
      labels: try json { (json) throws(Refusal) in
        try Labels(JSONObjectDecoder(json, path: "labels", allowedKeys: nil))
      },
      createdAt: try timestamp(), updatedAt: try timestamp(), updatedSeq: try sequenceNumber(), deleted: try bool(),
      pendingConfirm: try pendingConfirm())
    try check(cluster.pendingConfirm, revision: cluster.revision, updatedSeq: cluster.updatedSeq)
    return cluster
  }

  /// Throws where a cluster at `revision`, which change `updatedSeq` updated last, cannot wait for `pending`.
  func check(_ pending: PendingConfirm?, revision: Int, updatedSeq: Int) throws(LedgerError) {
    guard pending?.canBe(ofRevision: revision, updatedSeq: updatedSeq) ?? true else {
      throw damage("what it waits for is not of its revision")
    }
  }

  /// From the six columns that are set together while a revision waits.
  mutating func pendingConfirm() throws(LedgerError) -> PendingConfirm? {
    let numbers = (
      seq: try optionalSequenceNumber(), revision: try optionalSequenceNumber(),
      restores: try optionalSequenceNumber()
    )
    let deadline = try optionalTimestamp()
    let boot = (id: try optionalText(), milliseconds: try optionalInt())
    switch (numbers.seq, numbers.revision, numbers.restores, deadline) {
    case (nil, nil, nil, nil): return nil
    case (let seq?, let revision?, let restores?, let deadline?):
      guard (boot.id == nil) == (boot.milliseconds == nil) else { throw damage("half of its boot deadline is missing") }
      return PendingConfirm(
        seq: seq, revision: revision, restores: restores, deadline: deadline,
        bootDeadline: boot.id.flatMap { id in boot.milliseconds.map { BootTime(boot: id, milliseconds: $0) } })
    default: throw damage("a part of its deadline is missing")
    }
  }

  /// From `Columns.revision`: the row's number, and the revision that its change recorded; `nil` where that is none of this
  /// cluster's.
  mutating func revision(of cluster: ClusterKey) throws(LedgerError) -> (number: Int, recorded: Revision?) {
    guard try text() == cluster.folded else { throw damage("it was found under another cluster") }
    let (number, isOfCluster) = (try sequenceNumber(), try bool())
    let recorded: Revision? = try json { (json) throws(Refusal) in
      guard let revision = json.arrayValue?.first, revision != .null else { return nil }
      return try Revision(JSONObjectDecoder(revision, path: "revision", allowedKeys: nil))
    }
    return (number, isOfCluster ? recorded : nil)
  }

  mutating func feature() throws(LedgerError) -> Feature {
    let folded = try text()
    let key = FeatureKey(
      provider: ProviderKey(subscription: try text(), namespace: try text()), name: try text())
    guard key.folded == folded else { throw damage("its names are not those of its key") }
    return Feature(
      key: key, state: try word(), propagated: try bool(), since: try timestamp(),
      updatedSeq: try sequenceNumber(), registeredSeq: try optionalSequenceNumber(), pending: try pendingSettle())
  }

  mutating func provider() throws(LedgerError) -> Provider {
    let folded = try text()
    let key = ProviderKey(subscription: try text(), namespace: try text())
    guard key.folded == folded else { throw damage("its names are not those of its key") }
    return Provider(
      key: key, state: try word(), since: try timestamp(), updatedSeq: try sequenceNumber(),
      pending: try pendingSettle())
  }

  mutating func clientExtension() throws(LedgerError) -> ClientExtension {
    let folded = try text()
    let name = try text()
    guard name.folded == folded else { throw damage("its name is not that of its key") }
    return ClientExtension(name: name, version: try text(), since: try timestamp(), updatedSeq: try sequenceNumber())
  }

  private mutating func pendingSettle() throws(LedgerError) -> PendingSettle? {
    switch (try optionalSequenceNumber(), try optionalTimestamp()) {
    case (nil, nil): return nil
    case (let seq?, let dueAt?): return PendingSettle(requestedSeq: seq, dueAt: dueAt)
    default: throw damage("a part of its next step is missing")
    }
  }
}

/// The columns of each selection, in the order in which the row is decoded.
enum Columns {
  static let change = "seq, record"
  static let clusterKey = "cluster_key, subscription, resource_group, name"
  static let confirm =
    "confirm_seq, confirm_revision, confirm_restores, confirm_deadline, confirm_boot, confirm_boot_deadline"
  static let cluster =
    "\(clusterKey), revision, config, facts, labels, created_at, updated_at, updated_seq, deleted, \(confirm)"
  /// Takes from the record only the revision, in a tenth of the time that decoding all of it takes. With two paths json_extract
  /// returns an array, also where the record has no revision.
  static let revision =
    "revision.cluster_key, revision.revision, change.cluster_key IS revision.cluster_key AS is_of_cluster, "
    + "iif(json_valid(change.record), json_extract(change.record, '$.effects.revision', '$.seq'), NULL) AS record"
  static let feature =
    "feature_key, subscription, namespace, name, state, propagated, since, updated_seq, registered_seq, settle_seq, "
    + "settle_due_at"
  static let provider =
    "provider_key, subscription, namespace, state, since, updated_seq, settle_seq, settle_due_at"
  static let clientExtension = "extension_key, name, version, since, updated_seq"
}

/// Decodes JSON that the daemon wrote, of the row that `rowName` names. What `body` cannot decode is damage.
func decoding<Value>(
  _ rowName: String, _ text: some Collection<UInt8>, _ body: (JSON) throws(Refusal) -> Value
) throws(LedgerError) -> Value {
  let json: JSON
  do {
    json = try JSON(parsing: text)
  } catch {
    throw .damage("\(rowName): it is not JSON", isProjection: true, detail: error.explanation)
  }
  do {
    return try body(json)
  } catch {
    throw .damage("\(rowName): it holds what no fairleadd writes", isProjection: true, detail: error.message)
  }
}
