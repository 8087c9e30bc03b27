// `change.watch`: the changes after any one in the log, and each new one as it is recorded.

internal import ExactJSON
internal import FairleadModel

extension Method {
  static let changeWatch = Method(
    "change.watch", role: .read,
    summary:
      "the log as it grows: each change once and in order, as notifications called change.event, for as long as the "
      + "connection lasts",
    parameters: [
      Parameter("subscription", "only changes of clusters in this subscription", schema: Schema.string),
      Parameter("after", "begin behind this change; behind the last one where it is absent", schema: Schema.count),
    ] + .kinds + [
      Parameter("resourceGroup", "only changes of clusters in this resource group", schema: Schema.string),
      Parameter("name", "with resourceGroup: only changes of this cluster", schema: Schema.string),
    ] + .labels("only changes of clusters that carry all of these after the change"),
    result: Schema.object(["subscription": Schema.positive, "head": Schema.count]),
    errors: [.busy]
  ) { (reader) throws(Refusal) in
    .watch(
      WatchRequest(
        after: try reader.count("after"),
        filter: WatchFilter(
          kinds: try reader.kindFilter(), subscription: try reader.selector("subscription"),
          resourceGroup: try reader.selector("resourceGroup"), name: try name(reader),
          labels: try reader.labelFilter())))
  }

  private static func name(_ reader: JSONObjectDecoder) throws(Refusal) -> String? {
    guard let name = try reader.selector("name") else { return nil }
    guard reader.value("resourceGroup") != nil else {
      throw .invalid("name", "cannot take name without resourceGroup: a cluster is named by both")
    }
    return name
  }
}
