// `registry.health`: whether the daemon can do its work.

internal import FairleadModel

extension Method {
  static let registryHealth = Method(
    "registry.health", role: .read,
    summary: "whether the daemon can read and write its database, and how many changes wait to be confirmed",
    parameters: [],
    result: Schema.object(
      [
        "status": Schema.words(["ok", "read-only"]), "head": Schema.count, "pendingConfirms": Schema.count,
        "firstDeadline": Schema.time, "reason": Schema.string, "loadedClusters": Schema.count,
      ], optional: ["firstDeadline", "loadedClusters", "reason"]),
    errors: [.unavailable]
  ) { (_) throws(Refusal) in
    .read(.health)
  }
}
