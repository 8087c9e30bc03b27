// `registry.describe`: the daemon's version, paths and limits.

internal import ExactJSON
internal import FairleadModel

extension Method {
  static let registryDescribe = Method(
    "registry.describe", role: .read, summary: "version, limits, socket, database and head of this daemon",
    parameters: [],
    result: Schema.object([
      "version": Schema.string, "apiExtensions": Schema.strings, "apiVersion": Schema.string,
      "limits": ["type": "object"], "socket": Schema.string, "database": Schema.string, "head": Schema.count,
      "settleSeconds": Schema.count,
    ])
  ) { (_) throws(Refusal) in
    .read(.describe)
  }
}
