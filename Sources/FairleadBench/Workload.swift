// The registry that the measurements use: its own clusters, created through the socket.

internal import LoadGenerator

/// Clusters `c0`, `c1`, ... of the resource group `rg`, behind one socket.
struct Workload {
  let socket: String
  let interruption: Interruption

  static let requests = ClusterRequests(resourceGroup: "rg", prefix: "c")

  private var target: Target { .unix(socket) }

  /// Sends `requests` requests; a reply that is an error ends it.
  func run(
    _ expectation: ReplyExpectation, clients: Int, requests: Int,
    _ make: @escaping (_ client: Int, _ number: Int, _ buffer: inout [UInt8]) -> Void
  ) throws -> LoadResult {
    try LoadRun.run(
      Load(.lines, expectation, make: make), on: target, clients: clients, for: .requests(requests), interruption)
  }

  func get(clients: Int, requests: Int) throws -> LoadResult {
    let templates = (0..<clients).map(Self.requests.get)
    return try run(.result, clients: clients, requests: requests) { templates[$0].append($1, to: &$2) }
  }

  func update(clients: Int, requests: Int) throws -> LoadResult {
    let templates = (0..<clients).map(Self.requests.update)
    return try run(.recorded, clients: clients, requests: requests) { templates[$0].append($1, to: &$2) }
  }

  /// Sends one request.
  func expect(_ expectation: ReplyExpectation, _ request: RequestTemplate) throws -> LoadResult {
    try run(expectation, clients: 1, requests: 1) { request.append($1, to: &$2) }
  }

  /// Opens the gates and creates the clusters that the loads work on.
  func prepare(clusters: Int) throws {
    for gate in ClusterRequests.gates { _ = try expect(.recorded, gate) }
    try create(0..<clusters)
  }

  private func create(_ clusters: Range<Int>) throws {
    _ = try run(.recorded, clients: min(64, clusters.count), requests: clusters.count) { _, number, buffer in
      Self.requests.create(clusters.lowerBound + number).append(0, to: &buffer)
    }
  }

  /// Grows the registry from 64 clusters to `clusters` clusters with `revisions` revisions each.
  func fill(clusters: Int, revisions: Int) throws {
    try create(64..<clusters)
    let templates = (0..<clusters).map(Self.requests.update)
    _ = try run(.recorded, clients: 64, requests: clusters * (revisions - 1)) { _, number, buffer in
      templates[number % clusters].append(number / clusters, to: &buffer)
    }
  }
}
