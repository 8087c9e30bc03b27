// Names: compared without regard to case, and stored as written.

import ExactJSON
import Testing

@Suite("Names")
struct NamesTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try RegistryFixture()
    try fixture.call("cluster.create", "Prod-RG/Web-01")
  }

  @Test("A cluster is found in any case, and shown as it was written")
  func withoutCase() throws {
    let shown = try fixture.call("cluster.get", "PROD-rg/WEB-01")
    #expect(shown.string("resourceGroup") == "Prod-RG")
    #expect(shown.string("name") == "Web-01")
    #expect(try fixture.refuse("cluster.create", "prod-rg/web-01").kind == "already-exists")
  }

  @Test("A change with the name in another case is of the same cluster, whose spelling stays")
  func kept() throws {
    let answer = try fixture.call("cluster.update", "prod-rg/web-01", #"{"labels":{"a":"1"}}"#)
    #expect(answer.string("cluster.name") == "Web-01")
    #expect(answer.string("report.subject") == "Prod-RG/Web-01")
    #expect(try fixture.auditLog("subject") == ["Prod-RG/Web-01", "Prod-RG/Web-01"])
  }

  @Test("A cluster that is created again takes the spelling of its new creation")
  func respelled() throws {
    try fixture.call("cluster.delete", "prod-rg/web-01")
    let answer = try fixture.call("cluster.create", "PROD-RG/WEB-01")
    #expect(answer.int("revision") == 3)
    #expect(answer.string("cluster.name") == "WEB-01")
    #expect(answer.string("report.subject") == "PROD-RG/WEB-01")
  }

  @Test("A deleted cluster that a rollback restores keeps its spelling, also in the report")
  func broughtBack() throws {
    try fixture.call("cluster.delete", "prod-rg/web-01")
    let answer = try fixture.call("cluster.rollback", "PROD-RG/WEB-01")
    #expect(answer.string("cluster.name") == "Web-01")
    #expect(answer.string("report.subject") == "Prod-RG/Web-01")
  }

  @Test("The same name in two subscriptions or two resource groups is two clusters")
  func scopes() throws {
    try fixture.call("cluster.create", "other/Web-01")
    try fixture.call("cluster.create", "blue/Prod-RG/Web-01")
    #expect(try fixture.call("cluster.list").items("items").count == 3)
    #expect(try fixture.call("cluster.get", "BLUE/prod-rg/web-01").string("subscription") == "blue")
  }

  @Test("Naming the default subscription, in any case, is the same as naming none")
  func defaultSubscription() throws {
    let answer = try fixture.call("cluster.create", "Default/rg/api")
    #expect(answer.at("cluster.subscription") == nil)
    #expect(try fixture.call("cluster.get", "rg/api").string("name") == "api")
    #expect(try fixture.sql("SELECT DISTINCT subscription FROM cluster") == ["default"])
    try fixture.call("provider.register", "DEFAULT/Microsoft.Compute")
    try fixture.call("feature.register", "DEFAULT/Microsoft.Compute/Fast")
    #expect(try fixture.sql("SELECT subscription FROM provider UNION SELECT subscription FROM feature") == ["default"])
  }

  @Test("The same holds for features, providers and extensions")
  func registrations() throws {
    try fixture.call("feature.register", "Microsoft.Compute/FastStart")
    #expect(try fixture.call("feature.register", "microsoft.compute/FASTSTART")["seq"] == .null)
    #expect(try fixture.call("feature.get", "microsoft.compute/faststart").string("name") == "FastStart")
    try fixture.call("provider.register", "Microsoft.Compute")
    #expect(try fixture.call("provider.get", "MICROSOFT.COMPUTE").string("namespace") == "Microsoft.Compute")
    try fixture.call("extension.set", "AKS-Preview", #"{"version":"1.0"}"#)
    let answer = try fixture.call("extension.set", "aks-preview", #"{"version":"2.0"}"#)
    #expect(answer["extension"]?.text.hasPrefix(#"{"name":"AKS-Preview","version":"2.0""#) == true)
  }

  @Test("A gate is open for a cluster whose subscription is written in another case")
  func gateWithoutCase() throws {
    try fixture.call("feature.register", "Blue/" + RegistryFixture.feature)
    try fixture.call("provider.register", "bLUE/microsoft.containerservice")
    #expect(try fixture.call("cluster.create", "BLUE/rg/web", #"{"config":{"mode":"IPVS"}}"#).int("revision") == 1)
  }
}
