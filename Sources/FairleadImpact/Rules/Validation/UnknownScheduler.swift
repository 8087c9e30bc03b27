// VAL-04: a scheduler that AKS does not offer.

/// AKS offers two of the kernel's schedulers and refuses every other word with KubeProxyConfigValueUnsupported.
/// Upstream kube-proxy no longer checks the name when it reads its configuration: a wrong one shows only when
/// kube-proxy starts on a node, which may have lost its old rules by then. Fairlead refuses the document when it reads
/// it, so there is no change to judge, and no fact or override makes a difference.
///
/// Old articles write LeastConnections. The API has the singular only.
///
/// - When: ipvsConfig.scheduler is neither LeastConnection nor RoundRobin, spelt exactly so.
/// - Severity: blocked. The document is refused when it is read, with the nearest known word.
/// - Remedy: choose LeastConnection or RoundRobin, or leave the key out, which means RoundRobin.
package enum UnknownScheduler: CatalogueEntry {
  package static let id = "VAL-04"
  package static let title = "AKS offers two schedulers"
  package static let source = "Azure/AKS#4569, KubeProxyConfigValueUnsupported; kubernetes pkg/proxy/ipvs/supported.go"
}
