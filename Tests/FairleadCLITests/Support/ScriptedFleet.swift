// A fake daemon with a fleet of clusters, whose plans and results a test scripts.

@testable internal import FairleadCLI
internal import ExactJSON
internal import FairleadModel

enum ScriptedFleet {
  /// The outcome for a cluster, by its name.
  enum Fate {
    case plan(Severity, nodes: Int?)
    case unchanged
    case blocked(String)
    case gate
    case missing
  }

  /// A fleet in a resource group `rg`. An override makes a blocked change one of severity high.
  static func daemon(_ fates: KeyValuePairs<String, Fate>, commit: Failure? = nil) -> ScriptedDaemon {
    let fates = Array(fates)
    return { method, params in
      guard method == "cluster.apply" else {
        let names = fates.map(\.key)
        let first = params["after"].flatMap(\.stringValue).flatMap { names.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        let items = names[first...].prefix(2).map { name -> JSON in
          ["resourceGroup": "rg", "name": .string(name)]
        }
        let last = names[first...].prefix(2).last
        return .success(
          first + 2 < names.count
            ? ["items": .array(items), "after": .string(last ?? "")] : ["items": .array(items)])
      }
      let dryRun = params["dryRun"] == true
      if !dryRun, let commit { return .failure(commit) }
      var seq = 40
      let results = (params["changes"]?.arrayValue ?? []).enumerated().map { index, change -> JSON in
        let name = change["params"]?["name"]?.stringValue ?? ""
        let overrides = (change["params"]?["override"]?.arrayValue ?? []).compactMap(\.stringValue)
        var result = JSONObjectBuilder()
        result.set("index", index)
        result.set("method", change["method"]?.stringValue ?? "")
        result.set("subject", "rg/\(name)")
        var outcome = JSONObjectBuilder()
        func settle(_ verdict: Severity, _ nodes: Int?) {
          seq += 1
          outcome.set("seq", dryRun ? .null : .integer(seq))
          outcome.set("revision", 2)
          outcome.set("verdict", verdict.rawValue)
          outcome.set("summary", "update rg/\(name): kubernetesVersion 1.33 -> 1.34 (1 \(verdict.rawValue))")
          outcome.set("findings", SeverityCounts([verdict: 1]).json)
          outcome.set("nodes", ifPresent: nodes)
          if dryRun { outcome.set("planDigest", "d:\(name)") }
        }
        switch fates.first(where: { $0.key == name })?.value {
        case .plan(let verdict, let nodes): settle(verdict, nodes)
        case .blocked(let rule) where overrides.contains(rule):
          settle(.high, nil)
          outcome.set("overridden", .array([.string(rule)]))
        case .blocked(let rule):
          outcome.set("verdict", "blocked")
          outcome.set("summary", "update rg/\(name)")
          outcome.set(
            "refusal",
            ["kind": "blocked", "message": .string("cannot update rg/\(name): \(rule)"), "by": [.string(rule)]])
        case .gate:
          outcome.set("verdict", "medium")
          outcome.set(
            "refusal",
            ["kind": "prerequisite", "message": .string("cannot update rg/\(name)"), "by": ["feature", "provider"]])
        case .unchanged:
          result.set("unchanged", true)
          outcome.set("verdict", "none")
        case .missing, nil:
          result.set("error", ["code": -32001, "message": "cannot find it", "data": ["kind": "not-found"]])
          return result.json
        }
        result.set("outcome", outcome.json)
        return result.json
      }
      return .success(["seq": dryRun ? .null : .integer(seq), "results": .array(results), "totals": [:]])
    }
  }
}
