// How much kube-proxy programs on each node, before and after.

package import ExactJSON

/// What one mode programs on a node.
package struct ProgrammedRules: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// A kind of kernel object and how many of it there are.
  package struct Objects: JSONEncodable, Sendable, Hashable {
    /// In upstream's terms: `nat rules`, `virtual servers`, `map elements`.
    package let name: String
    package let count: Int

    package init(name: String, count: Int) {
      self.name = name
      self.count = count
    }

    package func write(to text: inout JSONWriter) {
      text.set("name", name)
      text.set("count", count)
    }
  }

  package let mode: ProxyMode
  package let objects: [Objects]

  package init(mode: ProxyMode, objects: [Objects]) {
    self.mode = mode
    self.objects = objects
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      mode: try reader.requiredEnumValue("mode"),
      objects: try reader.objects("objects") { (r) throws(Refusal) in
        Objects(name: try r.requiredString("name"), count: try r.requiredInteger("count"))
      })
  }

  package func write(to text: inout JSONWriter) {
    text.set("mode", mode.rawValue)
    text.set("objects", objects)
  }
}

/// Exact for ClusterIP Services of one port each that have the same number of endpoints.
package struct RulesEstimate: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let services: Int
  /// Of each Service.
  package let endpoints: Int
  /// `nil` where kube-proxy does not run.
  package let before: ProgrammedRules?
  package let after: ProgrammedRules?
  package let basis: Basis

  package init(services: Int, endpoints: Int, before: ProgrammedRules?, after: ProgrammedRules?, basis: Basis) {
    self.services = services
    self.endpoints = endpoints
    self.before = before
    self.after = after
    self.basis = basis
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      services: try reader.requiredInteger("services"), endpoints: try reader.requiredInteger("endpoints"),
      before: try reader.decodeIfPresent("before"),
      after: try reader.decodeIfPresent("after"),
      basis: try Basis(reader))
  }

  package func write(to text: inout JSONWriter) {
    text.set("services", services)
    text.set("endpoints", endpoints)
    text.set("before", ifPresent: before)
    text.set("after", ifPresent: after)
    basis.write(to: &text)
  }
}
