// Azure's own codes for what the rules refuse.

extension Catalogue {
  /// The code with which AKS refuses what `rule` blocks; `nil` where none is known. Sources: Azure/AKS#4563; the AKS
  /// article on troubleshooting nftables.
  package static func azureCode(of rule: String) -> String? {
    switch rule {
    case DisabledWithoutOwnCNI.id: "KubeProxyConfigDisabledBYOCNIOnly"
    case KubeProxyBesideCilium.id: "CiliumDataplaneRequiresKubeProxyConfigDisabled"
    default: nil
    }
  }
}
