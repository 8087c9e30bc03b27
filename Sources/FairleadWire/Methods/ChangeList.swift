// `change.list`: the log in order.

internal import FairleadModel

extension Method {
  static let changeList = Method(
    "change.list", role: .read, summary: "the log in order, optionally of some kinds or one cluster",
    parameters: .subscription + .kinds + [
      Parameter("resourceGroup", "with name: only changes of this cluster", schema: Schema.string),
      Parameter("name", "with resourceGroup: only changes of this cluster", schema: Schema.string),
    ] + .page(cursor: Schema.count),
    result: Schema.listing(Schema.named("change"), cursor: Schema.positive)
  ) { (reader) throws(Refusal) in
    let namesCluster = ["subscription", "resourceGroup", "name"].contains { reader.value($0) != nil }
    return .read(
      .changes(
        ChangeFilter(kinds: try reader.kindFilter(), cluster: namesCluster ? try ClusterKey(reader) : nil),
        try reader.numberPage()))
  }
}
