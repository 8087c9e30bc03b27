// `cluster.list`: the clusters that exist, by name.

internal import FairleadModel

extension Method {
  static let clusterList = Method(
    "cluster.list", role: .read, summary: "the clusters that exist, by name",
    parameters: .subscription + [
      Parameter("resourceGroup", "only this resource group", schema: Schema.string)
    ] + .labels("only clusters that carry all of these") + .page(cursor: Schema.string),
    result: Schema.listing(Schema.named("cluster"), cursor: Schema.string)
  ) { (reader) throws(Refusal) in
    return .read(
      .clusters(
        ClusterFilter(
          subscription: try reader.selector("subscription"), resourceGroup: try reader.selector("resourceGroup"),
          labels: try reader.labelFilter()),
        try reader.textPage()))
  }
}
