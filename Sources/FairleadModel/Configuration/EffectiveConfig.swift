// The effective configuration on the nodes: defaults filled in, and settings without effect left out.

package import ExactJSON

/// The values in force. Documents with equal effective values have the same effect.
///
/// With kube-proxy disabled no proxy runs that could have a mode, so the rest is empty whatever the document says.
package struct EffectiveConfig: JSONEncodable, Sendable, Hashable {
  package let enabled: Bool
  /// `nil` when kube-proxy is disabled.
  package let mode: ProxyMode?
  /// `nil` outside IPVS.
  package let scheduler: IPVSScheduler?
  /// The timeouts in seconds that kube-proxy writes. A missing one keeps the kernel's value, which is not known.
  package let timeouts: [IPVSTimeout: Int]

  package init(_ config: KubeProxyConfig) {
    enabled = config.enabled ?? true
    mode = enabled ? config.mode ?? .iptables : nil
    scheduler = mode == .ipvs ? config.ipvs?.scheduler ?? .roundRobin : nil
    timeouts = mode == .ipvs ? config.ipvs?.timeouts ?? [:] : [:]
  }

  /// What AKS runs without any `kubeProxyConfig`.
  package static let defaults = EffectiveConfig(.empty)

  package func write(to text: inout JSONWriter) {
    text.set("enabled", enabled)
    text.set("mode", ifPresent: mode?.rawValue)
    if mode == .ipvs { text.set("ipvsConfig", IPVSConfig(scheduler: scheduler, timeouts: timeouts)) }
  }
}

extension KubeProxyConfig {
  /// The effective values of this document.
  package var effective: EffectiveConfig { EffectiveConfig(self) }
}
