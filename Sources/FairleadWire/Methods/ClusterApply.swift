// `cluster.apply`: changes of many clusters in one transaction, with a report for each.

internal import ExactJSON
internal import FairleadModel

extension Method {
  static let clusterApply = Method(
    "cluster.apply", role: .operate, summary: "change many clusters in one transaction, with a report for each",
    parameters: [
      Parameter(
        "changes", "the changes, each of another cluster, at most \(Limits.applyChanges)", required: true,
        schema: Schema.array(
          Schema.object(["method": Schema.words(changesOfOneCluster.map(\.name)), "params": ["type": "object"]]))),
      Parameter("atomic", "record all or none, the default; false records what is not refused", schema: Schema.boolean),
      Parameter(
        "detail", "how much is answered of each change; full by default, for at most \(Limits.applyReports) of them",
        schema: Schema.words(ApplyRequest.Detail.allCases.map(\.rawValue))),
      Parameter("message", "why, for the changes that have no message of their own", schema: Schema.string),
      Parameter("requestId", "idempotency key of the whole in the scope of the caller's uid", schema: Schema.string),
      Parameter("dryRun", "plan only", schema: Schema.boolean),
    ],
    result: Schema.object([
      "seq": Schema.nullable(Schema.positive), "atomic": Schema.boolean,
      "results": Schema.array(Schema.named("applyResult")), "totals": Schema.named("applyTotals"),
    ]),
    errors: [.notFound, .alreadyExists] + .change
  ) { (reader) throws(Refusal) in
    for key in ["atomic", "detail", "dryRun", "requestId"] where reader.object[key] == .null {
      throw .invalid(key, "cannot take null for \(key): give a value, or leave it out")
    }
    let items = try reader.required("changes") { (key) throws(Refusal) in try reader.array(key) }
    guard (1...Limits.applyChanges).contains(items.count) else {
      throw .invalid(
        "changes", "cannot apply \(items.count) changes: it takes 1 to \(Limits.applyChanges) of them at once")
    }
    let detail: ApplyRequest.Detail = try reader.enumValue("detail") ?? .full
    guard detail != .full || items.count <= Limits.applyReports else {
      throw Refusal(
        .tooLarge(limit: Limits.applyReports),
        "cannot answer \(items.count) changes with their whole reports, only \(Limits.applyReports) at once: send "
          + "detail: \"summary\", and ask report.get for the report of a change that matters")
    }
    var changes: [ApplyRequest.Item] = []
    changes.reserveCapacity(items.count)
    var places: [String: Int] = [:]
    for (index, item) in items.enumerated() {
      let (key, change) = try read(item, at: "changes[\(index)]")
      if let other = places.updateValue(index, forKey: key.folded) {
        throw .invalid(
          "changes[\(index)].params.name",
          "cannot change \(key.display) twice in one apply: changes[\(other)] and changes[\(index)] name it; "
            + "send one of them in another request")
      }
      changes.append(change)
    }
    return .apply(
      ApplyRequest(
        changes: changes, isAtomic: try reader.bool("atomic") ?? true, dryRun: try reader.bool("dryRun") ?? false,
        detail: detail, message: try reader.message(),
        requestID: try reader.requestID(),
        params: .object(reader.object)))
  }

  /// The methods that an apply may combine: each changes one cluster.
  private static var changesOfOneCluster: [Method] {
    [clusterCreate, clusterUpdate, clusterRollback, clusterDelete, clusterConfirm]
  }

  private static let takenByName = Dictionary(uniqueKeysWithValues: changesOfOneCluster.map { ($0.name, $0) })

  /// One change, decoded by the method that it names. `place` is added to that method's refusals.
  private static func read(_ item: JSON, at place: String) throws(Refusal) -> (ClusterKey, ApplyRequest.Item) {
    let reader = try JSONObjectDecoder(item, path: place, allowedKeys: ["method", "params"])
    let name = try reader.requiredString("method")
    guard name.utf8.count <= 64, let method = takenByName[name] else {
      throw .unknownValue(name, at: reader.path(of: "method"), known: changesOfOneCluster.map(\.name))
    }
    let params = try reader.requiredObject("params", allowedKeys: nil)
    for key in ["dryRun", "requestId"] where params.object[key] != nil {
      throw .invalid(
        params.path(of: key),
        "cannot take \(params.path(of: key)): \(key) is of the whole apply; leave it out of its changes")
    }
    do throws(Refusal) {
      guard case .change(let request, let options) = try method.call(params.object), let key = request.clusterKey else {
        throw .invalid(reader.path(of: "method"), "cannot take \(name) in an apply: it changes no single cluster")
      }
      return (key, ApplyRequest.Item(request: request, options: options))
    } catch {
      throw Refusal(
        error.reason.below(params.path), "\(error.message) (in \(place))", azureCode: error.azureCode)
    }
  }
}
