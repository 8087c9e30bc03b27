// `cluster.create`: records a new cluster.

internal import FairleadModel

extension Method {
  static let clusterCreate = Method(
    "cluster.create", role: .operate, summary: "record a new cluster, or one that was deleted",
    parameters: .cluster + .patch + .change,
    result: Schema.outcome(.cluster),
    errors: [.alreadyExists] + .change
  ) { (reader) throws(Refusal) in
    .change(.createCluster(try ClusterKey(reader), try reader.patch()), try reader.changeOptions())
  }
}
