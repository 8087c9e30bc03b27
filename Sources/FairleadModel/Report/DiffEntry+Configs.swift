// The effective values that differ between two configuration documents.

internal import ExactJSON

/// A setting that a diff compares. The cases are in document order.
private enum Setting {
  case enabled
  case mode
  case scheduler
  case timeout(IPVSTimeout)

  static let all: [Setting] = [.enabled, .mode, .scheduler] + IPVSTimeout.allCases.map { .timeout($0) }

  var path: String {
    switch self {
    case .enabled: "enabled"
    case .mode: "mode"
    case .scheduler: "ipvsConfig.scheduler"
    case .timeout(let timeout): "ipvsConfig.\(timeout.rawValue)"
    }
  }

  func value(_ effective: EffectiveConfig) -> JSON {
    switch self {
    case .enabled: .bool(effective.enabled)
    case .mode: effective.mode.map { .string($0.rawValue) } ?? .null
    case .scheduler: effective.scheduler.map { .string($0.rawValue) } ?? .null
    case .timeout(let timeout): effective.timeouts[timeout].map { .integer($0) } ?? .null
    }
  }

  /// Whether the effective value comes from a default, not from the document. A setting that has no effect, such as a
  /// scheduler outside IPVS, has no default either.
  func isDefault(_ config: KubeProxyConfig, _ effective: EffectiveConfig) -> Bool {
    switch self {
    case .enabled: config.enabled == nil
    case .mode: effective.enabled && config.mode == nil
    case .scheduler: effective.mode == .ipvs && config.ipvs?.scheduler == nil
    case .timeout(let timeout): effective.mode == .ipvs && config.ipvs?.timeouts[timeout] == nil
    }
  }
}

extension DiffEntry {
  /// The effective values that differ between two documents; `nil` stands for "no cluster".
  package static func between(_ before: KubeProxyConfig?, _ after: KubeProxyConfig?) -> [DiffEntry] {
    let old = before.map { ($0, $0.effective) }
    let new = after.map { ($0, $0.effective) }
    // Most changes leave the effective values as they are, and to compare them as a whole is cheaper.
    guard old?.1 != new?.1 else { return [] }
    return Setting.all.compactMap { setting in
      let from = old.map { setting.value($0.1) } ?? .null
      let to = new.map { setting.value($0.1) } ?? .null
      guard from != to else { return nil }
      return DiffEntry(
        path: setting.path, before: from, after: to,
        beforeIsDefault: old.map { setting.isDefault($0.0, $0.1) } ?? false,
        afterIsDefault: new.map { setting.isDefault($0.0, $0.1) } ?? false)
    }
  }
}
