// `cluster.delete`: deletes a cluster with a tombstone revision; its history stays.

internal import FairleadModel

extension Method {
  static let clusterDelete = Method(
    "cluster.delete", role: .operate, summary: "end a cluster with a tombstone revision; its history stays",
    parameters: .cluster + .change,
    result: Schema.outcome(.cluster),
    errors: [.notFound] + .change
  ) { (reader) throws(Refusal) in
    .change(.deleteCluster(try ClusterKey(reader)), try reader.changeOptions())
  }
}
