// A change as the log keeps it: self-contained, so that every other table can be rebuilt from it.

package import ExactJSON

/// What a change is about.
package enum ResourceKind: String, Sendable, Hashable, CaseIterable {
  case cluster
  case feature
  case provider
  case `extension`
}

/// What a change did: the state of each resource after it, and the revision that it added.
package struct Effects: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package var cluster: Cluster?
  package var revision: Revision?
  package var features: [Feature]
  package var provider: Provider?
  package var `extension`: ClientExtension?

  package init(
    cluster: Cluster? = nil, revision: Revision? = nil, features: [Feature] = [], provider: Provider? = nil,
    extension clientExtension: ClientExtension? = nil
  ) {
    self.cluster = cluster
    self.revision = revision
    self.features = features
    self.provider = provider
    self.extension = clientExtension
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      cluster: try reader.decodeIfPresent("cluster"),
      revision: try reader.decodeIfPresent("revision"),
      features: try reader.decodeArray("features"),
      provider: try reader.decodeIfPresent("provider"),
      extension: try reader.decodeIfPresent("extension"))
  }

  /// Writes each in the log's shape.
  package func write(to text: inout JSONWriter) {
    if let cluster { text.set("cluster", record: cluster) }
    text.set("revision", ifPresent: revision)
    if !features.isEmpty {
      text.beginArray("features")
      for feature in features {
        text.beginObject()
        feature.encodeForLedger(to: &text)
        text.endObject()
      }
      text.endArray()
    }
    if let provider { text.set("provider", record: provider) }
    if let clientExtension = self.extension { text.set("extension", record: clientExtension) }
  }
}

/// The resource that a change's answer carries, under its own name.
package enum Resource: JSONEncodable, Sendable, Hashable {
  case cluster(Cluster)
  case feature(Feature)
  case provider(Provider)
  case `extension`(ClientExtension)

  package var kind: ResourceKind {
    switch self {
    case .cluster: .cluster
    case .feature: .feature
    case .provider: .provider
    case .extension: .extension
    }
  }

  package func write(to text: inout JSONWriter) {
    switch self {
    case .cluster(let cluster): cluster.write(to: &text)
    case .feature(let feature): feature.write(to: &text)
    case .provider(let provider): provider.write(to: &text)
    case .extension(let clientExtension): clientExtension.write(to: &text)
    }
  }
}

/// One entry of the log.
package struct Change: JSONEncodable, Sendable, Hashable {
  package static let formatVersion = 1

  package let seq: Int
  package let at: Timestamp
  /// The wire's method, or `feature.settle`, `provider.settle` and `cluster.revert` for the daemon's own steps.
  package let method: String
  package let kind: ResourceKind
  /// What it is about, for a person.
  package let subject: String
  package let actor: Actor
  package let message: String?
  /// The idempotency key of the request; for an apply, the last change that it recorded carries it.
  package var requestID: String?
  /// The parameters of the request in canonical form.
  package let params: JSON
  package let report: Report
  package let effects: Effects
  /// The resource in the answer, where it is later than in `effects`: a registration that settles before its reply.
  package let answered: JSON?
  /// Set on the last change of an apply with an idempotency key: what a retry's answer needs besides the changes' own records.
  package var applied: JSON?

  package init(
    seq: Int, at: Timestamp, method: String, kind: ResourceKind, subject: String, actor: Actor, message: String?,
    requestID: String?, params: JSON, report: Report, effects: Effects, answered: JSON? = nil, applied: JSON? = nil
  ) {
    self.seq = seq
    self.at = at
    self.method = method
    self.kind = kind
    self.subject = subject
    self.actor = actor
    self.message = message
    self.requestID = requestID
    self.params = params
    self.report = report
    self.effects = effects
    self.answered = answered
    self.applied = applied
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      seq: try reader.requiredSequenceNumber("seq"), at: try reader.timestamp("at"),
      method: try reader.requiredString("method"), kind: try reader.requiredEnumValue("kind"),
      subject: try reader.requiredString("subject"), actor: try reader.decode("actor"),
      message: try reader.string("message"), requestID: try reader.string("requestId"),
      params: reader.object["params"] ?? .null, report: try reader.decode("report"),
      effects: try reader.decode("effects"), answered: reader.value("answered"),
      applied: reader.value("applied"))
  }

  /// The record that the log stores, with the report's text inserted: `report` is `self.report.text`, which the answer to the
  /// change contains too.
  package func ledgerText(report: [UInt8]) -> [UInt8] {
    var text = JSONWriter(capacity: report.count + 2048)
    text.beginObject()
    text.set("formatVersion", Change.formatVersion)
    writeCommonMembers(to: &text)
    text.set("params", params)
    text.set("report", encoded: report)
    text.set("effects", effects)
    text.set("answered", ifPresent: answered)
    text.set("applied", ifPresent: applied)
    text.endObject()
    return text.finish()
  }

  package var ledgerJSON: JSON { JSON(written: ledgerText(report: report.text)) }

  /// The wire's shape: the change without its report, which `report.get` answers.
  package func write(to text: inout JSONWriter) {
    writeCommonMembers(to: &text)
    text.set("verdict", report.verdict.rawValue)
    text.set("summary", report.summary)
    text.set("overridden", report.overridden)
  }

  private func writeCommonMembers(to text: inout JSONWriter) {
    text.set("seq", seq)
    text.set("at", at.text)
    text.set("method", method)
    text.set("kind", kind.rawValue)
    text.set("subject", subject)
    text.set("revision", ifPresent: effects.revision?.revision)
    text.set("actor", actor)
    text.set("message", orNull: message)
    text.set("requestId", ifPresent: requestID)
  }

  /// The changed resource as the answer to the caller had it.
  package var answeredResource: [UInt8] {
    if let answered { return answered.bytes }
    let text =
      switch kind {
      case .cluster: effects.cluster?.text
      case .feature: effects.features.first?.text
      case .provider: effects.provider?.text
      case .extension: effects.extension?.text
      }
    return text ?? JSON.null.bytes
  }
}
