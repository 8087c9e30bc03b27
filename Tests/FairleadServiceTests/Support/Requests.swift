// Requests as the wire carries them, and the results that it would send.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadWire

/// Asks `registry`, and answers what the wire would carry as its result.
func ask(
  _ registry: Registry, _ method: String, _ subject: String? = nil, _ params: String = "{}", as actor: Actor = .alice
) throws -> JSON {
  var object = subject.map { named($0, of: method) } ?? JSONObject()
  for member in try JSON(parsing: params).objectValue?.members ?? [] { object.append(member.key, member.value) }
  switch try Method.named(method).call(object) {
  case .change(let request, let options): return try registry.change(request, options, by: actor).json
  case .apply(let request): return try registry.apply(request, by: actor) { $0.json }.json
  case .read(let read): return try result(of: read, in: registry)
  case .watch: throw Refusal(.invalidRequest, "cannot watch without a connection")
  }
}

private func named(_ subject: String, of method: String) -> JSONObject {
  let keys: [String] =
    switch method.prefix(while: { $0 != "." }) {
    case "feature": ["namespace", "name"]
    case "provider": ["namespace"]
    case "extension": ["name"]
    default: ["resourceGroup", "name"]
    }
  let parts = subject.split(separator: "/").map(String.init)
  let names = parts.count > keys.count ? ["subscription"] + keys : keys
  return JSONObject(zip(names, parts).map { JSONObject.Member(key: $0, value: .string($1)) })
}

/// The reads that the service answers, as the server binds them.
private func result(of read: ReadRequest, in registry: Registry) throws -> JSON {
  switch read {
  case .cluster(let key, let moment): try registry.cluster(key, moment).json
  case .clusters(let filter, let page): JSON(written: try registry.clusters(filter, page).complete())
  case .history(let key, let page): JSON(written: try registry.history(key, page).complete())
  case .diff(let key, let from, let to): try registry.diff(key, from: from, to: to).json
  case .feature(let key): registry.feature(key).json
  case .features(let filter, let page): JSON(written: try registry.features(filter, page).complete())
  case .provider(let key): registry.provider(key).json
  case .providers(let filter, let page): JSON(written: try registry.providers(filter, page).complete())
  case .extension(let name): try registry.clientExtension(name).json
  case .extensions(let page): JSON(written: try registry.clientExtensions(page).complete())
  case .change(let seq): try registry.change(seq: seq).json
  case .changes(let filter, let page): JSON(written: try registry.changes(filter, page).complete())
  case .report(let seq): try registry.change(seq: seq).report.json
  case .describe, .health, .discover: .null
  }
}
