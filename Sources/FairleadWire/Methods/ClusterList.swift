// `cluster.list`: the clusters that exist, by name.

internal import FairleadModel

extension Method {
  static let clusterList = Method(
    "cluster.list", role: .read, summary: "the clusters that exist, by name",
    parameters: .subscription + [
      Parameter("resourceGroup", "only this resource group", schema: Schema.string),
      Parameter("labels", "only clusters that carry all of these", schema: Schema.named("labels")),
    ] + .page(cursor: Schema.string),
    result: Schema.listing(Schema.named("cluster"), cursor: Schema.string)
  ) { (reader) throws(Refusal) in
    var labels: [String: String] = [:]
    if let wanted = try reader.object("labels", known: nil) {
      for (key, value) in try LabelsPatch(wanted).changes {
        guard let value else { throw .invalid("labels.\(key)", "cannot take null for labels.\(key): it is a string") }
        labels[key] = value
      }
    }
    return .read(
      .clusters(
        ClusterFilter(
          subscription: try reader.string("subscription"), resourceGroup: try reader.string("resourceGroup"),
          labels: labels),
        try reader.textPage()))
  }
}
