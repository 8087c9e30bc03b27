// One request for a whole fleet: how long its plan takes, and its record.

enum Fleet {
  /// Plans the move of many clusters, each with its whole report, and records one such move; on the clusters that
  /// `Workload.fill` made.
  static func measure(socket: String) throws {
    for (clusters, name) in [(1_000, "1,000"), (10_000, "10,000")] {
      let plan = line(clusters: clusters, mode: "NFTABLES", dryRun: true)
      let result = try Load.run(socket: socket, clients: 1, requests: 5) { _, _ in plan }
      print("fleet plan, \(name) clusters, median of 5      \(result.median / 1000) ms")
    }
    let commit = line(clusters: 1_000, mode: "NFTABLES", dryRun: false)
    let result = try Load.run(socket: socket, clients: 1, requests: 1) { _, _ in commit }
    print("fleet update recorded, 1,000 clusters      \(result.median / 1000) ms")
  }

  private static func line(clusters: Int, mode: String, dryRun: Bool) -> [UInt8] {
    let changes = (0..<clusters).map {
      #"{"method":"cluster.update","params":{"resourceGroup":"rg","name":"c\#($0)","config":{"mode":"\#(mode)"}}}"#
    }
    let params =
      #"{"changes":[\#(changes.joined(separator: ","))],"detail":"summary","dryRun":\#(dryRun),"message":"measured"}"#
    return Array((#"{"jsonrpc":"2.0","id":1,"method":"cluster.apply","params":\#(params)}"# + "\n").utf8)
  }
}
