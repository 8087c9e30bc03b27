// VAL-01: IPVS settings in a document whose mode is another.

/// The settings in ipvsConfig are IPVS's own. AKS refuses them beside any other mode, and beside none, which means
/// IPTABLES; its code is KubeProxyConfigFieldUnsupported. Fairlead refuses such a document when it reads it, so there
/// is no change to judge, and no fact or override makes a difference.
///
/// AKS's article shows the refusal for NFTABLES only; the description of the API ties ipvsConfig to IPVS without
/// exception, and Fairlead follows that.
///
/// - When: a document has ipvsConfig, even an empty one, and its mode is IPTABLES, NFTABLES or unset.
/// - Severity: blocked. The document is refused when it is read.
/// - Remedy: remove ipvsConfig, or set mode to IPVS.
package enum IPVSConfigOutsideIPVS: CatalogueEntry {
  package static let id = "VAL-01"
  package static let title = "ipvsConfig goes with mode IPVS only"
  package static let source =
    "AKS article 'Troubleshoot nftables configuration', KubeProxyConfigFieldUnsupported; AKS API reference, "
    + "ContainerServiceNetworkProfileKubeProxyConfigIpvsConfig"
}
