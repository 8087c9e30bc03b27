// `cluster.get`: one cluster, as it is now or was at a revision or time.

internal import FairleadModel

extension Method {
  static let clusterGet = Method(
    "cluster.get", role: .read, summary: "one cluster, now or as it was",
    parameters: .cluster + [
      Parameter("revision", "as it was once this revision had been recorded", schema: Schema.positive),
      Parameter("at", "as it was at this time", schema: Schema.time),
    ],
    result: Schema.named("cluster"),
    errors: [.notFound]
  ) { (reader) throws(Refusal) in
    let key = try ClusterKey(reader)
    let revision = try reader.positive("revision")
    let at = reader.value("at") == nil ? nil : try reader.timestamp("at")
    switch (revision, at) {
    case (nil, nil): return .read(.cluster(key, .now))
    case (let revision?, nil): return .read(.cluster(key, .revision(revision)))
    case (nil, let at?): return .read(.cluster(key, .at(at)))
    case (_?, _?): throw .invalid("at", "cannot take both revision and at: name one of them")
    }
  }
}
