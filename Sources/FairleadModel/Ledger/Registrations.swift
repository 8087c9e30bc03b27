// The registrations that gate a configuration: a feature flag, a resource provider, and the az extension in use.

package import ExactJSON

/// A registration's state. A provider knows all but `unregistered`.
/// Source: `SubscriptionFeatureRegistrationState`, as far as the command and REST reach it.
package enum RegistrationState: String, Sendable, Hashable, CaseIterable {
  case notRegistered = "NotRegistered"
  case registering = "Registering"
  case registered = "Registered"
  case unregistering = "Unregistering"
  case unregistered = "Unregistered"
}

/// A registration step that was requested and has not settled. It survives a restart of the daemon.
package struct PendingSettle: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// The change that requested it.
  package let requestedSeq: Int
  package let dueAt: Timestamp

  package init(requestedSeq: Int, dueAt: Timestamp) {
    self.requestedSeq = requestedSeq
    self.dueAt = dueAt
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      requestedSeq: try reader.requiredSequenceNumber("requestedSeq"), dueAt: try reader.recordedTimestamp("dueAt"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("requestedSeq", requestedSeq)
    text.set("dueAt", dueAt.text)
  }
}

package struct Feature: JSONObjectDecodable, LedgerEncodable, Sendable, Hashable {
  package let key: FeatureKey
  package var state: RegistrationState
  /// Whether the provider has propagated the registration.
  package var propagated: Bool
  package var since: Timestamp
  /// The change that last changed this feature; 0 for one that was never changed.
  package var updatedSeq: Int
  /// The change with which it became Registered; only a provider registration after that propagates it.
  package var registeredSeq: Int?
  package var pending: PendingSettle?

  package init(
    key: FeatureKey, state: RegistrationState, propagated: Bool, since: Timestamp, updatedSeq: Int,
    registeredSeq: Int? = nil, pending: PendingSettle? = nil
  ) {
    self.key = key
    self.state = state
    self.propagated = propagated
    self.since = since
    self.updatedSeq = updatedSeq
    self.registeredSeq = registeredSeq
    self.pending = pending
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      key: try FeatureKey(reader), state: try reader.requiredEnumValue("state"),
      propagated: try reader.requiredBool("propagated"), since: try reader.timestamp("since"),
      updatedSeq: try reader.sequenceNumber("updatedSeq") ?? 0,
      registeredSeq: try reader.sequenceNumber("registeredSeq"),
      pending: try reader.decodeIfPresent("pending"))
  }

  package func write(to text: inout JSONWriter) {
    key.write(to: &text)
    text.set("state", state.rawValue)
    text.set("propagated", propagated)
    text.set("since", since.text)
  }

  package func encodeForLedger(to text: inout JSONWriter) {
    write(to: &text)
    text.set("updatedSeq", updatedSeq)
    text.set("registeredSeq", ifPresent: registeredSeq)
    text.set("pending", ifPresent: pending)
  }
}

package struct Provider: JSONObjectDecodable, LedgerEncodable, Sendable, Hashable {
  package let key: ProviderKey
  package var state: RegistrationState
  package var since: Timestamp
  package var updatedSeq: Int
  package var pending: PendingSettle?

  package init(
    key: ProviderKey, state: RegistrationState, since: Timestamp, updatedSeq: Int, pending: PendingSettle? = nil
  ) {
    self.key = key
    self.state = state
    self.since = since
    self.updatedSeq = updatedSeq
    self.pending = pending
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      key: try ProviderKey(reader), state: try reader.requiredEnumValue("state"), since: try reader.timestamp("since"),
      updatedSeq: try reader.sequenceNumber("updatedSeq") ?? 0,
      pending: try reader.decodeIfPresent("pending"))
  }

  package func write(to text: inout JSONWriter) {
    key.write(to: &text)
    text.set("state", state.rawValue)
    text.set("since", since.text)
  }

  package func encodeForLedger(to text: inout JSONWriter) {
    write(to: &text)
    text.set("updatedSeq", updatedSeq)
    text.set("pending", ifPresent: pending)
  }
}

/// A client extension and the version in use; `latest` where the request named no version.
package struct ClientExtension: JSONObjectDecodable, LedgerEncodable, Sendable, Hashable {
  package let name: String
  package var version: String
  package var since: Timestamp
  package var updatedSeq: Int

  /// The extension that carries `--kube-proxy-config`.
  package static let aksPreview = "aks-preview"

  package init(name: String, version: String, since: Timestamp, updatedSeq: Int) {
    self.name = name
    self.version = version
    self.since = since
    self.updatedSeq = updatedSeq
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      name: try reader.requiredString("name"), version: try reader.requiredString("version"),
      since: try reader.timestamp("since"), updatedSeq: try reader.sequenceNumber("updatedSeq") ?? 0)
  }

  package func write(to text: inout JSONWriter) {
    text.set("name", name)
    text.set("version", version)
    text.set("since", since.text)
  }

  package func encodeForLedger(to text: inout JSONWriter) {
    write(to: &text)
    text.set("updatedSeq", updatedSeq)
  }
}
