// A cluster as the ledger holds it, and one revision of its configuration.

package import ExactJSON

/// A cluster's current state: the sum of the log's changes to it.
package struct Cluster: JSONObjectDecodable, LedgerEncodable, Sendable, Hashable {
  package var key: ClusterKey
  package var revision: Int
  package var config: KubeProxyConfig
  package var facts: ClusterFacts
  package var labels: Labels
  package let createdAt: Timestamp
  package var updatedAt: Timestamp
  package var updatedSeq: Int
  package var deleted: Bool
  /// Set while the current revision waits to be confirmed.
  package var pendingConfirm: PendingConfirm?

  package init(
    key: ClusterKey, revision: Int, config: KubeProxyConfig, facts: ClusterFacts = ClusterFacts(),
    labels: Labels = Labels(), createdAt: Timestamp, updatedAt: Timestamp, updatedSeq: Int, deleted: Bool = false,
    pendingConfirm: PendingConfirm? = nil
  ) {
    self.key = key
    self.revision = revision
    self.config = config
    self.facts = facts
    self.labels = labels
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.updatedSeq = updatedSeq
    self.deleted = deleted
    self.pendingConfirm = pendingConfirm
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      key: try ClusterKey(reader), revision: try reader.requiredSequenceNumber("revision"),
      config: try KubeProxyDocument(reader.object["config"] ?? .null).config,
      facts: try reader.decode("facts"),
      labels: try reader.decode("labels"),
      createdAt: try reader.timestamp("createdAt"), updatedAt: try reader.timestamp("updatedAt"),
      updatedSeq: try reader.requiredSequenceNumber("updatedSeq"), deleted: try reader.bool("deleted") ?? false,
      pendingConfirm: try reader.decodeIfPresent("pendingConfirm"))
    guard pendingConfirm?.canBe(ofRevision: revision, updatedSeq: updatedSeq) ?? true else {
      let path = reader.path(of: "pendingConfirm")
      throw .invalid(path, "cannot take \(path): it is not of the cluster's revision \(revision)")
    }
  }

  package func write(to text: inout JSONWriter) {
    writeCommonMembers(to: &text)
    text.set("pendingConfirm", ifPresent: pendingConfirm)
  }

  package func encodeForLedger(to text: inout JSONWriter) {
    writeCommonMembers(to: &text)
    if let pendingConfirm { text.set("pendingConfirm", record: pendingConfirm) }
  }

  private func writeCommonMembers(to text: inout JSONWriter) {
    key.write(to: &text)
    text.set("revision", revision)
    text.set("config", config)
    text.set("effective", config.effective)
    text.set("facts", facts)
    text.set("labels", labels)
    text.set("createdAt", createdAt.text)
    text.set("updatedAt", updatedAt.text)
    text.set("updatedSeq", updatedSeq)
    if deleted { text.set("deleted", true) }
  }
}

/// How a revision came about.
package enum Origin: String, Sendable, Hashable, CaseIterable {
  case create
  case update
  case rollback
  case revert
  case `import`
  case delete
}

/// One immutable configuration of a cluster.
package struct Revision: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let revision: Int
  /// The revision that was current before; `nil` for a cluster's first.
  package let baseRevision: Int?
  package let origin: Origin
  /// `nil` for the tombstone of a deleted cluster.
  package let config: KubeProxyConfig?
  package let seq: Int
  package let at: Timestamp
  package let actor: Actor
  package let message: String?
  /// For a rollback: the revision whose configuration it restored.
  package let restores: Int?

  package init(
    revision: Int, baseRevision: Int?, origin: Origin, config: KubeProxyConfig?, seq: Int, at: Timestamp, actor: Actor,
    message: String?, restores: Int?
  ) {
    self.revision = revision
    self.baseRevision = baseRevision
    self.origin = origin
    self.config = config
    self.seq = seq
    self.at = at
    self.actor = actor
    self.message = message
    self.restores = restores
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      revision: try reader.requiredSequenceNumber("revision"),
      baseRevision: try reader.sequenceNumber("baseRevision"),
      origin: try reader.requiredEnumValue("origin"),
      config: try reader.value("config").map { (value) throws(Refusal) in try KubeProxyDocument(value).config },
      seq: try reader.requiredSequenceNumber("seq"), at: try reader.timestamp("at"),
      actor: try reader.decode("actor"), message: try reader.string("message"),
      restores: try reader.sequenceNumber("restores"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("revision", revision)
    text.set("baseRevision", orNull: baseRevision)
    text.set("origin", origin.rawValue)
    text.set("config", orNull: config)
    text.set("seq", seq)
    text.set("at", at.text)
    text.set("actor", actor)
    text.set("message", orNull: message)
    text.set("restores", ifPresent: restores)
  }
}
