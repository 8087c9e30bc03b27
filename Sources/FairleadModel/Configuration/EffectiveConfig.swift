// What a configuration comes to on the nodes: the defaults filled in, and what has no effect left out.

package import ExactJSON

/// The values in force. Two documents with equal effective values differ in text only.
///
/// With kube-proxy disabled nothing runs that could have a mode, so the rest is empty whatever the document says.
package struct EffectiveConfig: JSONEncodable, Sendable, Hashable {
  package let enabled: Bool
  /// `nil` when kube-proxy is disabled.
  package let mode: ProxyMode?
  /// `nil` outside IPVS.
  package let scheduler: IPVSScheduler?
  /// The timeouts that kube-proxy writes. A missing one is "what the kernel has", which equals no number.
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
