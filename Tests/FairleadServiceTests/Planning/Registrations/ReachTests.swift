// The clusters that a registration's change affects: for which it opens or closes the gate, and which are left stuck.

import ExactJSON
import Testing

@Suite("Clusters affected by a registration")
struct ReachTests {
  let fixture: RegistryFixture

  /// Two clusters with the defaults, one with a configuration, one deleted, one of another subscription.
  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/a")
    try fixture.call("cluster.create", "rg/b", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.call("cluster.create", "rg/c", #"{"config":{"mode":"IPTABLES"}}"#)
    try fixture.call("cluster.create", "rg/d", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.call("cluster.delete", "rg/d")
    try fixture.call("cluster.create", "blue/rg/e")
  }

  private func effects(_ answer: JSON) -> [String] {
    answer.items("report.affected.named").map { "\($0.string("subject") ?? "") \($0.string("effect") ?? "")" }
  }

  @Test(
    "Unregistering closes the gate, and clusters with a configuration are stuck with it",
    arguments: [("feature.unregister", RegistryFixture.feature), ("provider.unregister", RegistryFixture.provider)])
  func closes(method: String, subject: String) throws {
    let answer = try fixture.call(method, subject)
    #expect(effects(answer) == ["rg/a closes", "rg/b stuck", "rg/c closes"])
    #expect(answer.int("report.affected.clusters") == 3)
    #expect(answer.rules == ["GATE-01"])
    #expect(answer.verdict == "medium")
    #expect(answer.string("report.findings.0.detail")?.hasPrefix("1 of the subscription's 3 clusters") == true)
    #expect(try fixture.refuse("cluster.update", "rg/b", #"{"config":{}}"#).kind == "prerequisite")
  }

  @Test("Where no cluster has a configuration, closing the gate is a low finding")
  func closesNone() throws {
    try fixture.call("cluster.update", "rg/b", #"{"config":{}}"#)
    let answer = try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(answer.verdict == "low")
    #expect(effects(answer) == ["rg/a closes", "rg/b closes", "rg/c closes"])
  }

  @Test(
    "The finding is in the report of the request only, not in those of the settle and of the second registration's end")
  func once() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let answer = try fixture.call("provider.unregister", RegistryFixture.provider)
    #expect(answer.rules.isEmpty)
    #expect(answer.int("report.affected.clusters") == 0)
    #expect(
      try fixture.sql("SELECT method FROM audit_log JOIN audit_finding USING (seq) WHERE rule = 'GATE-01'") == [
        "feature.unregister"
      ])
  }

  @Test("A provider registration that picks the feature up opens the gate, and lists the clusters")
  func opens() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(effects(try fixture.call("feature.register", RegistryFixture.feature)).isEmpty)
    let answer = try fixture.call("provider.register", RegistryFixture.provider)
    #expect(effects(answer) == ["rg/a opens", "rg/b opens", "rg/c opens"])
    #expect(answer.verdict == "none")
  }

  @Test("The report of the settle says so too")
  func opensOnSettle() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    try fixture.call("feature.register", RegistryFixture.feature)
    let seq = try fixture.record("provider.register", RegistryFixture.provider)
    let report = try fixture.call("report.get", nil, "{\"seq\":\(seq + 1)}")
    #expect(report.items("affected.named").count == 3)
  }

  @Test("Another feature and another provider affect no cluster")
  func others() throws {
    for (method, subject) in [
      ("feature.register", "Microsoft.ContainerService/Other"), ("provider.register", "Microsoft.Compute"),
      ("feature.unregister", "Microsoft.ContainerService/Other"), ("provider.unregister", "Microsoft.Compute"),
    ] {
      let answer = try fixture.call(method, subject)
      #expect(answer.int("report.affected.clusters") == 0)
      #expect(answer.rules.isEmpty)
    }
  }

  @Test("Every affected cluster is listed, and the summary counts them by effect")
  func many() throws {
    for number in 1...105 { try fixture.call("cluster.create", "rg/n\(number)") }
    let answer = try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(answer.int("report.affected.clusters") == 108)
    #expect(answer.items("report.affected.named").count == 108)
    #expect(answer.string("report.summary")?.hasSuffix("; closes 107 clusters, leaves 1 stuck") == true)
    #expect(answer.string("report.findings.0.detail")?.hasPrefix("1 of the subscription's 108") == true)
  }

  @Test("An extension affects no cluster, and its report has the az command")
  func clientExtension() throws {
    let answer = try fixture.call("extension.set", "aks-preview", #"{"version":"9.0.0b1"}"#)
    #expect(answer.objectValue?.keys == ["seq", "report", "extension"])
    #expect(answer.int("report.affected.clusters") == 0)
    #expect(answer.commands("during") == ["az extension add --name aks-preview --upgrade --version 9.0.0b1"])
    #expect(
      answer.at("extension")?.text == #"{"name":"aks-preview","version":"9.0.0b1","since":"2026-11-18T11:06:40.000Z"}"#)
  }

  @Test("Without a version an extension keeps the recorded one, or is 'latest' if there is none")
  func extensionVersion() throws {
    #expect(try fixture.refuse("extension.get", "aks-preview").message.contains("extension.set"))
    #expect(try fixture.call("extension.set", "aks-preview").string("extension.version") == "latest")
    #expect(
      try fixture.call("extension.set", "aks-preview", #"{"version":"1.0"}"#).string("extension.version") == "1.0")
    let same = try fixture.call("extension.set", "aks-preview")
    #expect(same["seq"] == .null)
    #expect(same.string("extension.version") == "1.0")
    #expect(try fixture.call("extension.list").items("items").map { $0.string("name") } == ["aks-preview"])
  }
}
