// From which Kubernetes version and which kernel on a node can run NFTABLES, and what the facts say about it.

internal import FairleadModel

enum NFTablesSupport {
  /// The first Kubernetes version with which AKS starts nftables. Before it the nodes run iptables, whatever the
  /// configuration says.
  static let minimumKubernetes = DottedVersion(1, 33)
  /// The first kernel on which kube-proxy's nftables mode starts.
  static let minimumKernel = DottedVersion(5, 13)
}

extension ConfigChange {
  /// Whether AKS may start nftables: it does not before `NFTablesSupport.minimumKubernetes`. True where the version is
  /// not recorded.
  var mayStartNFTables: Bool {
    !(facts.version(.kubernetesVersion).map { $0 < NFTablesSupport.minimumKubernetes } ?? false)
  }

  /// Whether no recorded fact rules NFTABLES out.
  var mayRunNFTables: Bool {
    mayStartNFTables && !(facts.version(.minKernelVersion).map { $0 < NFTablesSupport.minimumKernel } ?? false)
  }
}
