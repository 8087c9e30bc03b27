// Checks that the example reports in docs/examples are what the programs print.

import Foundation
import Testing

/// A change of the same cluster, a busy one in IPTABLES with every fact recorded.
struct Example: CustomTestStringConvertible, Sendable {
  let name: String
  let document: String
  var facts: [String] = []

  var testDescription: String { name }

  static let all = [
    Example(
      name: "dangerous", document: #"{"mode": "IPVS", "ipvsConfig": {"scheduler": "LeastConnection"}}"#),
    Example(name: "harmless", document: #"{"mode": "IPTABLES"}"#),
    Example(
      name: "blocked", document: #"{"mode": "IPVS"}"#,
      facts: ["--network-policy", "azure", "--network-plugin", "azure"]),
  ]
}

@Suite("The example reports in the docs", .timeLimit(.minutes(10)))
struct ExampleReportTests {
  static let cluster = [
    "create", "-g", "prod", "-n", "web", "-k", "1.35", "--network-plugin", "kubenet", "--network-policy", "calico",
    "--network-dataplane", "azure", "--node-count", "24", "--min-kernel-version", "6.8", "--service-count", "6000",
    "--pods-per-service", "20", "--connections-per-service", "100", "--keepalive-seconds", "7200",
    "--uses-session-affinity", "true", "--uses-udp-services", "true",
  ]

  /// FAIRLEAD_RECORD=1 writes the examples anew; read the difference before you commit it.
  @Test(
    "the programs print each example as it is in docs/examples", arguments: Example.all,
    [("text", "txt"), ("markdown", "md"), ("html", "html")])
  func printed(example: Example, format: (name: String, suffix: String)) throws {
    let daemon = try RunningDaemon(in: Scratch())
    try daemon.connect().openGates()
    let made = try daemon.fairlead(Self.cluster)
    #expect(made.status == 0, "\(made.errors)")
    let document = try daemon.scratch.write(example.document, to: "kube-proxy.json")
    let finished = try daemon.fairlead(
      ["plan", "update", "-g", "prod", "-n", "web", "--kube-proxy-config", document, "--format", format.name]
        + example.facts, environment: ["SOURCE_DATE_EPOCH": "1795392000"])
    #expect(finished.status == 0, "\(finished.errors)")
    let path = "docs/examples/\(example.name).\(format.suffix)"
    if ProcessInfo.processInfo.environment["FAIRLEAD_RECORD"] == "1" {
      try Data(finished.output.utf8).write(to: URL(filePath: Repository.path(path)))
    }
    #expect(try finished.output == Repository.text(path))
    daemon.stop()
  }
}
