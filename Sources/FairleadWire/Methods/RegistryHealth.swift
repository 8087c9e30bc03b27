// `registry.health`: whether the daemon can do its work.

internal import FairleadModel

extension Method {
  static let registryHealth = Method(
    "registry.health", role: .read,
    summary: "whether changes are taken and a person is needed, why, and how many changes wait to be confirmed",
    parameters: [],
    result: Schema.object(
      [
        "status": Schema.words(HealthStatus.allCases.map(\.rawValue)), "head": Schema.count,
        "pendingConfirms": Schema.count,
        "firstDeadline": Schema.time, "reason": Schema.string, "loadedClusters": Schema.count,
        "reasons": Schema.array(Schema.named("healthReason")),
        "wal": Schema.object(
          ["bytes": Schema.count, "pages": Schema.count, "since": Schema.time], optional: ["since"]),
      ], optional: ["firstDeadline", "loadedClusters", "reason"]),
    errors: [.unavailable]
  ) { (_) throws(Refusal) in
    .read(.health)
  }
}
