// An apply as its single changes: each is verified as if it had been sent alone, and then all of them together.

internal import ExactJSON

extension Operation {
  var isApply: Bool { method == "cluster.apply" }

  /// Whether all of its changes or none must be recorded. Without `atomic`, `cluster.apply` is atomic.
  var isAtomic: Bool { params["atomic"] != false }

  /// The changes of an apply, in their order; any other request itself.
  var parts: [Operation] {
    guard isApply else { return [self] }
    return (params["changes"]?.arrayValue ?? []).enumerated().map { place, change in
      var part = Operation(
        id: OperationID(client: id.client, number: id.number, part: place + 1), connection: connection,
        method: change["method"]?.stringValue ?? "", params: change["params"] ?? [:], invoked: invoked,
        answer: answer.map {
          Answer(returned: $0.returned, arrival: $0.arrival, outcome: Self.outcome(of: place, in: $0.outcome))
        })
      part.appliedSeq = result?["seq"]?.intValue
      return part
    }
  }

  /// The answer to the change at a place, out of the answer to the apply. Bytes are compared for the apply as a whole.
  private static func outcome(of place: Int, in whole: Outcome) -> Outcome {
    switch whole {
    case .result(let result, _):
      let results = result["results"]?.arrayValue ?? []
      guard place < results.count, results[place]["index"]?.intValue == place else { return .result([:], bytes: []) }
      if let data = results[place]["error"]?["data"] { return .refused(data) }
      return .result(results[place]["outcome"] ?? [:], bytes: [])
    case .refused(let data):
      // The error describes the change that decided; the others were not recorded.
      guard let worst = data["index"]?.intValue else { return .refused(data) }
      guard worst == place, var own = data.objectValue else { return .refused(["kind": "not-applied"]) }
      let prefix = "changes[\(place)].params."
      if let path = data["path"]?.stringValue, path.hasPrefix(prefix) {
        own["path"] = .string(String(path.dropFirst(prefix.count)))
      }
      return .refused(.object(own))
    }
  }
}
