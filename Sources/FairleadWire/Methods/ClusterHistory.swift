// `cluster.history`: a cluster's revisions, newest first.

internal import FairleadModel

extension Method {
  static let clusterHistory = Method(
    "cluster.history", role: .read, summary: "a cluster's revisions, newest first",
    parameters: .cluster + .page(cursor: Schema.positive),
    result: Schema.listing(Schema.named("revision"), cursor: Schema.positive),
    errors: [.notFound]
  ) { (reader) throws(Refusal) in
    .read(.history(try ClusterKey(reader), try reader.numberPage()))
  }
}
