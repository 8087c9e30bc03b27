// What a rule looks at: one configuration change of one cluster, with everything that is known of it.

package import FairleadModel

/// The input of every rule. A value: no clock, no store, nothing to wait for.
package struct ConfigChange: Sendable, Hashable {
  package let cluster: ClusterKey
  package let facts: ClusterFacts
  /// The document before; `nil` for a cluster that does not exist yet, and where a configuration is judged as it is.
  package let beforeDocument: KubeProxyConfig?
  package let afterDocument: KubeProxyConfig
  package let before: EffectiveConfig?
  package let after: EffectiveConfig
  /// The mode whose rules the nodes hold before the change: the one in force, or, with kube-proxy disabled, the last
  /// one that ran, since stopping kube-proxy removes no rules. `nil` where none is recorded.
  package let modeOnNodes: ProxyMode?
  /// IPVS timeouts in seconds that earlier revisions wrote into the nodes' kernels. They outlast the mode and the
  /// document that set them, on each node until it is rebooted or replaced.
  package let kernelTimeouts: [IPVSTimeout: Int]

  /// `lastMode` is the last mode that ran, and counts only where kube-proxy is disabled before the change.
  /// `kernelTimeouts` are those of `KernelTimeouts`; without them the kernels are taken to hold their defaults.
  package init(
    cluster: ClusterKey, facts: ClusterFacts, before: KubeProxyConfig?, after: KubeProxyConfig,
    lastMode: ProxyMode? = nil, kernelTimeouts: [IPVSTimeout: Int] = [:]
  ) {
    self.cluster = cluster
    self.facts = facts
    beforeDocument = before
    afterDocument = after
    self.before = before?.effective
    self.after = after.effective
    modeOnNodes = before.flatMap { $0.effective.mode ?? lastMode }
    self.kernelTimeouts = kernelTimeouts
  }

  /// Whether this is a first configuration: no traffic to disrupt, so only state rules are asked.
  package var isCreation: Bool { before == nil }

  /// Whether the nodes get rules of another mode than they hold.
  package var changesMode: Bool { modeOnNodes != nil && after.mode != nil && modeOnNodes != after.mode }

  /// Whether the nodes' rules go from one of `sources` to one of `targets`.
  package func moves(from sources: ProxyModes, to targets: ProxyModes) -> Bool {
    guard changesMode, let from = modeOnNodes, let to = after.mode else { return false }
    return sources.contains(ProxyModes(from)) && targets.contains(ProxyModes(to))
  }

  /// Whether kube-proxy starts in `mode` on nodes that, as far as is recorded, have not run it before: on creation, by
  /// a mode change, or after a time without kube-proxy.
  package func introduces(_ mode: ProxyMode) -> Bool { after.mode == mode && modeOnNodes != mode }

  /// Whether IPVS runs before and after.
  package var staysIPVS: Bool { before?.mode == .ipvs && after.mode == .ipvs }

  /// The reverse change, as a rollback would make it; `nil` for a creation.
  ///
  /// It has no `kernelTimeouts`: what earlier revisions left in the kernels was there before this change too, and does
  /// not make the way back from it unclean.
  package var reversed: ConfigChange? {
    beforeDocument.map {
      ConfigChange(cluster: cluster, facts: facts, before: afterDocument, after: $0, lastMode: modeOnNodes)
    }
  }
}
