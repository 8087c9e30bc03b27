// Reads a kube-proxy configuration and cluster facts from a managedCluster document.

package import ExactJSON
package import FairleadModel

/// What Fairlead can use of a managedCluster in one of three shapes: what `az aks show` prints, an ARM
/// resource (`az rest`, a GET of the REST API), or an ARM template with one managedCluster among its resources.
///
/// `null` means unset in all of them, as `az` prints it. Enumerations are compared without case, since the resource
/// provider echoes them in more than one (`standard` sent, `Standard` returned).
package struct ManagedCluster: Sendable, Hashable {
  /// The name in the document, to be compared with the one that the operator typed.
  package let name: String?
  /// The `kubeProxyConfig` as it is there, not yet decoded; `nil` where it is missing or `null`.
  package let config: JSON?
  /// Facts in the wire's shape, for the `facts` of a request.
  package let facts: JSONObject
  /// What was left out, and why.
  package let notes: [String]

  /// Reads a parsed document. The refusal says which shapes are understood.
  package init(_ document: JSON) throws(Refusal) {
    let resource = try Self.resource(in: document)
    let properties = resource["properties"]?.objectValue ?? resource
    var facts = JSONObject()
    var notes: [String] = []
    func take(_ key: FactKey, _ value: JSON?) {
      guard let value, value != .null else { return }
      if let read = Self.fact(key, value) {
        facts.append(key.rawValue, read)
      } else {
        notes.append(
          "Left out \(key.rawValue): '\(value.stringValue ?? value.text)' is not a value that Fairlead knows.")
      }
    }
    // `kubernetesVersion` may be an alias such as 1.33; the current one is what runs.
    take(.kubernetesVersion, Self.present(properties["currentKubernetesVersion"]) ?? properties["kubernetesVersion"])
    let network = properties["networkProfile"]?.objectValue ?? JSONObject()
    take(.networkPlugin, network["networkPlugin"])
    take(.networkPolicy, network["networkPolicy"])
    take(.networkDataplane, network["networkDataplane"])
    if let pools = properties["agentPoolProfiles"]?.arrayValue, !pools.isEmpty {
      let counts = pools.compactMap { $0["count"]?.intValue }
      // Absurd counts are clamped, so that the sum is no valid count and does not overflow.
      let sum = counts.reduce(0) { $0 + max(-1 << 40, min($1, 1 << 40)) }
      if counts.count == pools.count { take(.nodeCount, .integer(sum)) }
      take(.windowsNodes, .bool(pools.contains { $0["osType"]?.stringValue?.asciiLowercased == "windows" }))
    }
    name = Self.present(resource["name"])?.stringValue
    config = Self.present(network["kubeProxyConfig"])
    self.facts = facts
    self.notes = notes
  }

  private static func resource(in document: JSON) throws(Refusal) -> JSONObject {
    guard case .object(let object) = document else {
      throw .invalid("", "cannot take \(document.typeName) for a managed cluster: it is a JSON object")
    }
    if let resources = object["resources"]?.arrayValue {
      let clusters = resources.compactMap(\.objectValue).filter {
        $0["type"]?.stringValue?.asciiLowercased == "microsoft.containerservice/managedclusters"
      }
      guard clusters.count == 1, let cluster = clusters.first else {
        throw .invalid(
          "resources",
          "cannot tell which cluster is meant: the template has \(clusters.count) managed clusters, not one")
      }
      return cluster
    }
    guard object["networkProfile"] != nil || object["properties"]?["networkProfile"] != nil else {
      let isBare = ["mode", "ipvsConfig", "enabled"].contains { object[$0] != nil }
      let help =
        switch MistakenDocument(document) {
        case .wrapped(let key)?:
          "it has a kube-proxy configuration inside of '\(key)'; give what is in there with --kube-proxy-config"
        case .kubernetes(let kind)?:
          "it is a Kubernetes object of the kind \(kind); Fairlead takes the output of 'az aks show'"
        case .managedCluster?, nil:
          isBare
            ? "it looks like a kube-proxy configuration; give it with --kube-proxy-config"
            : "it is the output of 'az aks show', an ARM resource, or an ARM template, with a networkProfile"
        }
      throw .invalid("", "cannot take this document for a managed cluster: \(help)")
    }
    return object
  }

  private static func present(_ value: JSON?) -> JSON? { value == .null ? nil : value }

  private static func fact(_ key: FactKey, _ value: JSON) -> JSON? {
    let candidate: JSON
    if case .word = key.kind, case .string(let word) = value {
      candidate = .string(word.asciiLowercased)
    } else {
      candidate = value
    }
    do throws(Refusal) {
      return try FactValue(candidate, for: key, path: key.rawValue).json
    } catch {
      return nil
    }
  }
}
