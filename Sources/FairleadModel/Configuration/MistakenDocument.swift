// Recognises documents that are given where a kube-proxy configuration belongs.

package import ExactJSON

/// A document of another kind, or a configuration inside of another object: the opposite of what `ManagedCluster` refuses.
package enum MistakenDocument: Sendable, Hashable {
  /// What `az aks show` prints, an ARM resource, or an ARM template.
  case managedCluster
  /// An object whose only configuration is the member of this name.
  case wrapped(key: String)
  /// A Kubernetes object, such as kube-proxy's own KubeProxyConfiguration.
  case kubernetes(kind: String)

  /// `nil` for a document that may be a configuration, however many mistakes it has.
  package init?(_ value: JSON) {
    guard case .object(let object) = value else { return nil }
    if let kind = object["kind"]?.stringValue, object["apiVersion"]?.stringValue != nil {
      self = .kubernetes(kind: kind.excerpt)
    } else if Self.clusterMembers.contains(where: { object[$0]?.objectValue != nil })
      || ["agentPoolProfiles", "resources"].contains(where: { object[$0]?.arrayValue != nil })
    {
      self = .managedCluster
    } else if let key = Self.wrappers.first(where: { object[$0]?.objectValue != nil }) {
      self = .wrapped(key: key)
    } else {
      return nil
    }
  }

  private static let clusterMembers = ["networkProfile", "properties"]
  /// AKS's own name for it, and Fairlead's, as 'fairlead show -o json' prints it.
  private static let wrappers = ["kubeProxyConfig", "config"]

  /// The end of a sentence that says what the document is, and where its configuration is.
  package var explanation: String {
    switch self {
    case .managedCluster:
      "it is a managed cluster, as 'az aks show' prints it, and its configuration is in networkProfile.kubeProxyConfig"
    case .wrapped(let key): "its configuration is inside of '\(key)'; give what is in there"
    case .kubernetes(let kind):
      "it is a Kubernetes object of the kind \(kind), and AKS's configuration has enabled, mode and ipvsConfig"
    }
  }
}
