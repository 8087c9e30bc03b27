// `cluster.confirm`: keeps a change that would otherwise be reverted at its deadline.

internal import FairleadModel

extension Method {
  static let clusterConfirm = Method(
    "cluster.confirm", role: .operate, summary: "keep the change that waits to be confirmed",
    parameters: .cluster + [
      Parameter("seq", "the change to confirm; the one that waits by default", schema: Schema.positive)
    ] + .change,
    result: Schema.outcome(.cluster),
    errors: [.notFound] + .change
  ) { (reader) throws(Refusal) in
    .change(.confirmCluster(try ClusterKey(reader), seq: try reader.positive("seq")), try reader.changeOptions())
  }
}
