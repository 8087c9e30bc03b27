// What a configuration comes to on the nodes: the defaults filled in, and what has no effect left out.

package import FairleadJSON

/// The values in force. Two documents with equal effective values differ in text only.
///
/// With kube-proxy disabled nothing runs that could have a mode, so the rest is empty whatever the document says.
package struct EffectiveConfig: Sendable, Hashable {
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

  package var json: JSON {
    var builder = ObjectBuilder()
    builder.set("enabled", enabled)
    builder.set("mode", ifPresent: mode?.rawValue)
    if mode == .ipvs { builder.set("ipvsConfig", IPVSConfig(scheduler: scheduler, timeouts: timeouts).json) }
    return builder.json
  }

  /// The values by path, in document order: what a diff compares.
  fileprivate var values: [(path: String, value: JSON)] {
    var values: [(String, JSON)] = [
      ("enabled", .bool(enabled)),
      ("mode", mode.map { .string($0.rawValue) } ?? .null),
      ("ipvsConfig.scheduler", scheduler.map { .string($0.rawValue) } ?? .null),
    ]
    for timeout in IPVSTimeout.allCases {
      values.append(("ipvsConfig.\(timeout.rawValue)", timeouts[timeout].map { .integer($0) } ?? .null))
    }
    return values
  }
}

extension KubeProxyConfig {
  /// Whether the effective value at `path` comes from a default, not from this document. A setting that has no effect,
  /// such as a scheduler outside IPVS, has no default either.
  fileprivate func isDefault(_ path: String) -> Bool {
    let effective = effective
    switch path {
    case "enabled": return enabled == nil
    case "mode": return effective.enabled && mode == nil
    case "ipvsConfig.scheduler": return effective.mode == .ipvs && ipvs?.scheduler == nil
    default:
      let isSet = IPVSTimeout.allCases.contains { "ipvsConfig.\($0.rawValue)" == path && ipvs?.timeouts[$0] != nil }
      return effective.mode == .ipvs && !isSet
    }
  }
}

extension DiffEntry {
  /// The effective values that differ between two documents; `nil` stands for "no cluster".
  package static func between(_ before: KubeProxyConfig?, _ after: KubeProxyConfig?) -> [DiffEntry] {
    guard let paths = (before ?? after)?.effective.values.map(\.path) else { return [] }
    let old = before?.effective.values.map(\.value)
    let new = after?.effective.values.map(\.value)
    return paths.enumerated().compactMap { index, path in
      let from = old?[index] ?? .null
      let to = new?[index] ?? .null
      guard from != to else { return nil }
      return DiffEntry(
        path: path, before: from, after: to, beforeIsDefault: before?.isDefault(path) ?? false,
        afterIsDefault: after?.isDefault(path) ?? false)
    }
  }
}
