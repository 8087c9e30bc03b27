// The requests that are measured: real changes with their reports, on clusters of their own.

enum Workload {
  static func get(client: Int, number: Int) -> [UInt8] {
    line("cluster.get", #""resourceGroup":"rg","name":"c\#(client)""#)
  }

  /// Each update moves an effective value, so that it is judged, gated, reported and recorded.
  static func update(client: Int, number: Int) -> [UInt8] {
    line(
      "cluster.update",
      #""resourceGroup":"rg","name":"c\#(client)","message":"measured","config":"#
        + #"{"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection","tcpTimeoutSeconds":\#(600 + number % 100_000)}}"#
    )
  }

  private static func create(_ number: Int) -> [UInt8] {
    line(
      "cluster.create",
      #""resourceGroup":"rg","name":"c\#(number)","config":{"mode":"IPVS"},"labels":{"env":"prod"},"facts":"#
        + #"{"kubernetesVersion":"1.34","networkPlugin":"azure","networkPolicy":"calico","nodeCount":12,"#
        + #""minKernelVersion":"6.8","serviceCount":400,"podsPerService":10,"connectionsPerService":300}"#)
  }

  /// Opens the gates and creates the clusters that the loads work on.
  static func prepare(socket: String, clusters: Int) throws {
    let namespace = #""namespace":"Microsoft.ContainerService""#
    try Load.expectAnswer(
      socket: socket, line("feature.register", namespace + #","name":"KubeProxyConfigurationPreview""#))
    try Load.expectAnswer(socket: socket, line("provider.register", namespace))
    for number in 0..<clusters { try Load.expectAnswer(socket: socket, create(number)) }
  }

  /// Brings the registry to `clusters` clusters of `revisions` revisions each.
  static func fill(socket: String, clusters: Int, revisions: Int) throws {
    let existing = 64
    _ = try Load.run(socket: socket, clients: 64, requests: clusters - existing) { _, number in
      create(existing + number)
    }
    _ = try Load.run(socket: socket, clients: 64, requests: clusters * (revisions - 1)) { _, number in
      update(client: number % clusters, number: number / clusters)
    }
  }

  private static func line(_ method: String, _ params: String) -> [UInt8] {
    Array((#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"# + params + "}}\n").utf8)
  }
}
