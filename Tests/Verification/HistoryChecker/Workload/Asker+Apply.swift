// Applies: requests with several changes, of different clusters.

internal import ExactJSON

extension Asker {
  /// Two to four changes. Each has its own message and label, so that each recorded change can be recognised and each changes
  /// something.
  func apply(_ decisions: inout Decisions, message: String, isRetriable: Bool?) -> Ask {
    let start = decisions.number(clusters)
    let count = min(clusters, 2 + decisions.number(3))
    var changes: [JSON] = []
    for place in 0..<count {
      let name = "c\((start + place) % clusters)"
      let own = "\(message).\(place + 1)"
      let kind = decisions.number(10)
      let isGuarded = decisions.isTrue(oneIn: 6)
      let config = self.config(&decisions)
      var params = params(of: name)
      if kind < 9 {
        params["labels"] = ["team": .string(decisions.pick(["a", "b"])), "by": .string(own)]
        if kind < 6 { params["config"] = config }
      }
      if isGuarded { params["ifSeq"] = .integer(seen[name]?.seq ?? 0) }
      params["message"] = .string(own)
      let method = kind == 0 ? "create" : kind == 9 ? "delete" : "update"
      changes.append(["method": .string("cluster.\(method)"), "params": .object(params)])
    }
    var params: JSONObject = ["changes": .array(changes), "message": .string(message)]
    if decisions.isTrue(oneIn: 3) { params["atomic"] = false }
    let isKept = decisions.isTrue(oneIn: 2)
    if isRetriable ?? isKept { params["requestId"] = .string("\(group)/\(message)") }
    return Ask("cluster.apply", params)
  }
}

extension Ask {
  /// The name of its cluster, for an apply that of the first change; empty where it names none.
  var clusterName: String {
    let first = params["changes"]?.arrayValue?.first?["params"]
    return (params["name"] ?? first?["name"])?.stringValue?.lowercased() ?? ""
  }
}
