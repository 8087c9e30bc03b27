// How much kube-proxy programs on each node, before and after.

internal import FairleadJSON

/// What one mode programs on a node.
package struct ProgrammedRules: Sendable, Hashable {
  /// A kind of kernel object and how many of it there are.
  package struct Objects: Sendable, Hashable {
    /// In upstream's words: `nat rules`, `virtual servers`, `map elements`.
    package let name: String
    package let count: Int

    package init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  package let mode: ProxyMode
  package let objects: [Objects]

  package init(mode: ProxyMode, objects: [Objects]) {
    self.mode = mode
    self.objects = objects
  }

  init(_ reader: ObjectReader) throws(Refusal) {
    self.init(
      mode: try reader.requiredWord("mode"),
      objects: try reader.objects("objects") { (r) throws(Refusal) in
        Objects(name: try r.requiredString("name"), count: try r.requiredInteger("count"))
      })
  }

  var json: JSON {
    [
      "mode": .string(mode.rawValue),
      "objects": .array(objects.map { ["name": .string($0.name), "count": .integer($0.count)] }),
    ]
  }
}

/// Exact for ClusterIP Services of one port each that have the same number of endpoints.
package struct RulesEstimate: Sendable, Hashable {
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

  init(_ reader: ObjectReader) throws(Refusal) {
    self.init(
      services: try reader.requiredInteger("services"), endpoints: try reader.requiredInteger("endpoints"),
      before: try reader.object("before", known: nil).map { (r) throws(Refusal) in try ProgrammedRules(r) },
      after: try reader.object("after", known: nil).map { (r) throws(Refusal) in try ProgrammedRules(r) },
      basis: try Basis(reader))
  }

  var json: JSON {
    var builder = ObjectBuilder()
    builder.set("services", services)
    builder.set("endpoints", endpoints)
    builder.set("before", ifPresent: before?.json)
    builder.set("after", ifPresent: after?.json)
    basis.write(to: &builder)
    return builder.json
  }
}
