// The clusters that are measured: created for the run, or those that a running daemon has.

internal import ExactJSON
internal import LoadGenerator
internal import FairleadModel
internal import FairleadWire
internal import Glibc

/// The requests of each client.
struct BenchClusters {
  let gets: [RequestTemplate]
  let histories: [RequestTemplate]
  /// Empty where nothing may be written.
  let updates: [RequestTemplate]
  let watch: RequestTemplate?

  /// History is read of at most this many clusters, each of which is given a full page of revisions.
  private static let pages = 64
  private static let page = 20

  /// Names that no other run on the same ledger has used: a name stays taken after its cluster is deleted.
  static func names() -> ClusterRequests {
    ClusterRequests(resourceGroup: "fairlead-bench", prefix: "b\(time(nil))-\(getpid())-")
  }

  /// Creates a cluster for each client, and a page of history where that is measured.
  /// - Parameter opensGates: whether registrations are recorded first, as only an empty ledger needs.
  static func make(
    _ own: ClusterRequests, _ plan: BenchPlan, on target: Target, opensGates: Bool, _ interruption: Interruption
  ) throws(LoadError) -> BenchClusters {
    if opensGates {
      for gate in ClusterRequests.gates {
        _ = try LoadRun.run(
          Load(.lines, .recorded) { gate.append($1, to: &$2) }, on: target, clients: 1, for: .requests(1), interruption)
      }
    }
    let creates = (0..<plan.clusters).map(own.create)
    let few = min(16, plan.clusters)
    var made = 0
    _ = try LoadRun.run(
      Load(.lines, .recorded) { _, _, buffer in
        creates[made].append(0, to: &buffer)
        made += 1
      }, on: target, clients: few, for: .requests(creates.count), interruption)
    let updates = (0..<plan.clusters).map(own.update)
    let pages = min(pages, plan.clusters)
    if plan.workloads.contains(.history) {
      let load = Load(.lines, .recorded, from: 90_000) { updates[$1 % pages].append($1, to: &$2) }
      _ = try LoadRun.run(
        load, on: target, clients: min(few, pages), for: .requests(pages * (page - 1)), interruption)
    }
    return BenchClusters(
      gets: (0..<plan.clusters).map(own.get), histories: (0..<pages).map(own.history), updates: updates,
      watch: own.watch(0))
  }

  /// Uses clusters that exist.
  static func existing(_ transport: any Transport) throws(Failure) -> BenchClusters {
    let result = try transport.call("cluster.list", JSONObject([.init(key: "limit", value: .integer(pages))]))
    let keys = (result["items"]?.arrayValue ?? []).map { item in
      ["subscription", "resourceGroup", "name"].compactMap { key in
        item[key].map { "\"\(key)\":\($0.text)" }
      }.joined(separator: ",")
    }
    guard !keys.isEmpty else {
      throw Failure(
        .failed, "cannot measure reads: this daemon has no cluster",
        hints: ["Record one with 'fairlead create', or leave --socket out to measure a daemon of its own."])
    }
    return BenchClusters(
      gets: keys.map(ClusterRequests.get), histories: keys.map(ClusterRequests.history), updates: [], watch: nil)
  }

  /// Deletes the clusters that were created, also if creating them failed half-way; their history stays.
  static func delete(_ own: ClusterRequests, _ plan: BenchPlan, on target: Target) throws(LoadError) {
    for cluster in 0..<plan.clusters {
      let reply = try LoadRun.ask(own.delete(cluster), on: target)
      guard case .failure(.refused(let cause)) = DaemonReply.result(in: reply, id: 1) else { continue }
      guard cause.kind == .notFound else { throw .refused(reply) }
    }
  }
}
