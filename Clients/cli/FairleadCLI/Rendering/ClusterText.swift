// A cluster for a person: what it runs in effect, what is known of it, and its columns in a list.

internal import ExactJSON
internal import FairleadModel

enum ClusterText {
  static func render(_ cluster: Cluster, _ layout: Layout) -> String {
    let style = Style(layout)
    var lines = [
      style.bold(sanitized(cluster.key.display)) + "  revision \(cluster.revision)"
        + (cluster.deleted ? "  DELETED" : ""),
      "  recorded  \(cluster.updatedAt.toTheSecond) by change \(cluster.updatedSeq)",
      "  created   \(cluster.createdAt.toTheSecond)", "", style.bold("Configuration, in effect"),
    ]
    lines += pairs(configuration(cluster.config))
    lines += waiting(cluster).map { ["", style.bold("To confirm")] + $0.map { "  \($0)" } } ?? []
    let facts = FactKey.allCases.compactMap { key in
      cluster.facts.values[key].map { (key.rawValue, DiffText.value($0.json, isDefault: false)) }
    }
    if !facts.isEmpty { lines += ["", style.bold("Facts")] + pairs(facts) }
    let labels = cluster.labels.values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if !labels.isEmpty { lines += ["", style.bold("Labels")] + pairs(labels) }
    return text(lines)
  }

  /// The lines, each with its line feed. Not `joined`: it makes the runtime search every conformance of the program, which
  /// takes longer than a request.
  private static func text(_ lines: [String]) -> String {
    var text = ""
    for line in lines { text += line + "\n" }
    return text
  }

  /// That the revision reverts by itself, and how to keep it.
  private static func waiting(_ cluster: Cluster) -> [String]? {
    guard let pending = cluster.pendingConfirm else { return nil }
    return [
      "Revision \(pending.revision) reverts to \(pending.restores) by itself at \(pending.deadline.toTheSecond)",
      "unless it is confirmed: fairlead confirm \(sanitized(cluster.key.flags))",
    ]
  }

  /// The values in force; those that no document set are marked as defaults.
  private static func configuration(_ config: KubeProxyConfig) -> [(String, String)] {
    let effective = config.effective
    func value(_ value: String, isDefault: Bool) -> String { isDefault ? "\(value) (default)" : value }
    var values = [("enabled", value(String(effective.enabled), isDefault: config.enabled == nil))]
    if let mode = effective.mode { values.append(("mode", value(mode.rawValue, isDefault: config.mode == nil))) }
    if let scheduler = effective.scheduler {
      values.append(("ipvsConfig.scheduler", value(scheduler.rawValue, isDefault: config.ipvs?.scheduler == nil)))
      for timeout in IPVSTimeout.allCases {
        values.append(
          ("ipvsConfig.\(timeout.rawValue)", effective.timeouts[timeout].map(String.init) ?? "what the kernel has"))
      }
    }
    return values
  }

  static func pairs(_ pairs: [(String, String)]) -> [String] {
    let width = pairs.reduce(0) { max($0, sanitized($1.0).count) }
    return pairs.map { "  \(sanitized($0.0).padded(to: width))  \(sanitized($0.1))".trimmingTrailingSpaces }
  }

  /// The mode in one word, for lists.
  static func mode(_ config: KubeProxyConfig?) -> String {
    guard let config else { return "deleted" }
    guard let mode = config.effective.mode else { return "disabled" }
    return config.mode == nil ? "\(mode.rawValue) (default)" : mode.rawValue
  }

  static let columns: [Column<Cluster>] = [
    Column("Name", nil) { $0.key.name },
    Column(nil, "CLUSTER") { $0.key.display },
    Column("ResourceGroup", nil) { $0.key.resourceGroup },
    Column("Revision", "REV") { String($0.revision) },
    Column("Mode", nil) { mode($0.deleted ? nil : $0.config) },
    Column(nil, "MODE") { mode($0.deleted ? nil : $0.config) + ($0.pendingConfirm == nil ? "" : " (to confirm)") },
    Column("KubernetesVersion", "K8S") { $0.facts.version(.kubernetesVersion)?.text ?? "-" },
    Column("NodeCount", "NODES") { $0.facts.count(.nodeCount).map(String.init) ?? "-" },
    Column("UpdatedAt", nil) { $0.updatedAt.text },
    Column("Labels", "LABELS") {
      $0.labels.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    },
    Column("ConfirmBy", nil) { $0.pendingConfirm?.deadline.text ?? "" },
  ]
}
