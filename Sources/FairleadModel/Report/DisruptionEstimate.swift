// How long new connections fail on a node, and how long the whole rollout takes.

package import ExactJSON

/// A duration that is known only within bounds.
package struct SecondsRange: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let from: Int
  package let to: Int

  package init(from: Int, to: Int) {
    self.from = from
    self.to = to
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(from: try reader.requiredInteger("fromSeconds"), to: try reader.requiredInteger("toSeconds"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("fromSeconds", from)
    text.set("toSeconds", to)
  }
}

/// Bounds with their basis, and the facts whose absence leaves a bound out.
package struct DisruptionEstimate: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// New connections to Services fail on one node for this long.
  package let perNode: SecondsRange?
  /// From the first node to the last, one node at a time as the DaemonSet's rolling update does by default.
  package let rollout: SecondsRange?
  package let nodes: Int?
  /// The facts that a missing bound needs.
  package let missing: [FactKey]
  package let basis: Basis

  package init(
    perNode: SecondsRange?, rollout: SecondsRange?, nodes: Int?, missing: [FactKey], basis: Basis
  ) {
    self.perNode = perNode
    self.rollout = rollout
    self.nodes = nodes
    self.missing = missing
    self.basis = basis
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    var missing: [FactKey] = []
    for name in try reader.strings("missing") ?? [] {
      guard let key = FactKey(rawValue: name) else {
        throw .unknownValue(name, at: reader.path(of: "missing"), known: FactKey.allCases.map(\.rawValue))
      }
      missing.append(key)
    }
    self.init(
      perNode: try reader.decodeIfPresent("perNode"),
      rollout: try reader.decodeIfPresent("rollout"),
      nodes: try reader.integer("nodes"), missing: missing, basis: try Basis(reader))
  }

  package func write(to text: inout JSONWriter) {
    text.set("perNode", ifPresent: perNode)
    text.set("rollout", ifPresent: rollout)
    text.set("nodes", ifPresent: nodes)
    if !missing.isEmpty { text.set("missing", missing.map(\.rawValue)) }
    basis.write(to: &text)
  }
}
