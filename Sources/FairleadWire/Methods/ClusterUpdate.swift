// `cluster.update`: replaces a cluster's configuration, and merges facts and labels.

internal import FairleadModel

extension Method {
  static let clusterUpdate = Method(
    "cluster.update", role: .operate, summary: "replace a cluster's configuration; merge facts and labels",
    parameters: .cluster + .patch + .confirmWithin + .change,
    result: Schema.outcome(.cluster),
    errors: [.notFound] + .change
  ) { (reader) throws(Refusal) in
    .change(.updateCluster(try ClusterKey(reader), try reader.patch()), try reader.changeOptions())
  }
}
