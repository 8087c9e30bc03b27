// Where an estimate comes from and how far it reaches.

internal import ExactJSON

/// Where an estimate comes from and how far it reaches, in one sentence each.
package struct Basis: Sendable, Hashable {
  /// The formula's origin: upstream's file, KEP or measurement.
  package let source: String
  /// What the number leaves out or takes for granted.
  package let limits: String

  package init(source: String, limits: String) {
    self.source = source
    self.limits = limits
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    // Estimates in early ledgers have neither.
    self.init(source: try reader.string("source") ?? "", limits: try reader.string("limits") ?? "")
  }

  func write(to text: inout JSONWriter) {
    text.set("source", source)
    text.set("limits", limits)
  }
}
