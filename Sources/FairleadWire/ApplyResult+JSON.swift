// How what came of an apply looks on the wire.

package import FairleadJSON
package import FairleadModel

extension ApplyOutcome {
  package var json: JSON {
    [
      "seq": seq.map { .integer($0) } ?? .null, "atomic": .bool(isAtomic), "results": .array(results.map(\.json)),
      "totals": totals,
    ]
  }
}

extension ApplyResult {
  package var json: JSON {
    switch self {
    case .remembered(let json): return json
    case .answered(let answer):
      var builder = Self.head(answer.index, answer.method, answer.subject)
      if answer.isUnchanged { builder.set("unchanged", true) }
      switch answer.body {
      case .full(let outcome): builder.set("outcome", outcome.json)
      case .summary(let summary): builder.set("outcome", summary.json)
      }
      return builder.json
    case .refused(let index, let method, let subject, let detail, let refusal):
      var builder = Self.head(index, method, subject)
      builder.set("error", detail == .full ? refusal.wireJSON : Self.short(refusal.wireJSON))
      return builder.json
    }
  }

  private static func head(_ index: Int, _ method: String, _ subject: String) -> ObjectBuilder {
    var builder = ObjectBuilder()
    builder.set("index", index)
    builder.set("method", method)
    builder.set("subject", subject)
    return builder
  }

  /// An error without its report, which is the long part of it.
  private static func short(_ error: JSON) -> JSON {
    guard var object = error.objectValue, var data = object["data"]?.objectValue else { return error }
    data["report"] = nil
    object["data"] = .object(data)
    return .object(object)
  }
}
