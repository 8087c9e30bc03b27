// `registry.health`: whether the daemon can do its work.

internal import FairleadModel

extension Method {
  static let registryHealth = Method(
    "registry.health", role: .read,
    summary: "whether the daemon can read its database, and how many changes wait to be confirmed",
    parameters: [],
    result: Schema.object(
      [
        "status": Schema.words(["ok"]), "head": Schema.count, "pendingConfirms": Schema.count,
        "firstDeadline": Schema.time,
      ], optional: ["firstDeadline"]),
    errors: [.unavailable]
  ) { (_) throws(Refusal) in
    .read(.health)
  }
}
