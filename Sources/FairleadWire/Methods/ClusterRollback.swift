// `cluster.rollback`: records an earlier configuration again, as a new revision.

internal import FairleadModel

extension Method {
  static let clusterRollback = Method(
    "cluster.rollback", role: .operate, summary: "bring an earlier revision's configuration back as a new revision",
    parameters: .cluster + [
      Parameter("toRevision", "the revision to bring back; the previous one by default", schema: Schema.positive)
    ] + .apiVersion + .confirmWithin + .change,
    result: Schema.outcome(.cluster),
    errors: [.notFound] + .change
  ) { (reader) throws(Refusal) in
    .change(
      .rollbackCluster(
        try ClusterKey(reader), toRevision: try reader.positive("toRevision"), apiVersion: try reader.apiVersion()),
      try reader.changeOptions())
  }
}
