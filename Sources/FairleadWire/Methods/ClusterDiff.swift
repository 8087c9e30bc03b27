// `cluster.diff`: two revisions of a cluster side by side.

internal import FairleadModel

extension Method {
  static let clusterDiff = Method(
    "cluster.diff", role: .read, summary: "what two revisions of a cluster differ in, in effect",
    parameters: .cluster + [
      Parameter("from", "the older revision; the one before 'to' by default", schema: Schema.positive),
      Parameter("to", "the newer revision; the current one by default", schema: Schema.positive),
    ],
    result: Schema.object(
      [
        "subscription": Schema.string, "resourceGroup": Schema.string, "name": Schema.string, "from": Schema.positive,
        "to": Schema.positive, "before": Schema.nullable(Schema.named("config")),
        "after": Schema.nullable(Schema.named("config")), "diff": Schema.array(Schema.named("diffEntry")),
      ], optional: ["subscription"]),
    errors: [.notFound]
  ) { (reader) throws(Refusal) in
    .read(.diff(try ClusterKey(reader), from: try reader.positive("from"), to: try reader.positive("to")))
  }
}
