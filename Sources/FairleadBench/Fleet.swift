// One request for a whole fleet: how long its plan takes, and its record.

internal import LoadGenerator

enum Fleet {
  /// Plans the move of many clusters, each with its whole report, and records one such move; on the clusters that
  /// `Workload.fill` made.
  static func measure(_ workload: Workload) throws {
    for (clusters, name) in [(1_000, "1,000"), (10_000, "10,000")] {
      let plan = line(clusters: clusters, mode: "NFTABLES", dryRun: true)
      let result = try workload.run(.result, clients: 1, requests: 5) { plan.append($1, to: &$2) }
      print("fleet plan, \(name) clusters, median of 5      \(result.all.percentile(50) / 1_000_000) ms")
    }
    let commit = line(clusters: 1_000, mode: "NFTABLES", dryRun: false)
    let result = try workload.expect(.recorded, commit)
    print("fleet update recorded, 1,000 clusters      \(result.all.percentile(50) / 1_000_000) ms")
  }

  private static func line(clusters: Int, mode: String, dryRun: Bool) -> RequestTemplate {
    let changes = (0..<clusters).map {
      #"{"method":"cluster.update","params":{"resourceGroup":"rg","name":"c\#($0)","config":{"mode":"\#(mode)"}}}"#
    }
    return ClusterRequests.line(
      "cluster.apply",
      #""changes":[\#(changes.joined(separator: ","))],"detail":"summary","dryRun":\#(dryRun),"message":"measured""#)
  }
}
