// `override`: four blocking rules can be overridden, each by id and with a message.

import ExactJSON
import Testing

@Suite("Overrides")
struct OverrideTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web", #"{"facts":{"kubernetesVersion":"1.33","networkPolicy":"calico"}}"#)
  }

  @Test(
    "Each of the four rules can be overridden, and the verdict is the worst of the other findings",
    arguments: [
      ("POL-01", "IPVS", #""networkPolicy":"azure""#), ("LIFE-01", "IPVS", #""kubernetesVersion":"1.41""#),
      ("ENV-05", "IPVS", #""kubernetesVersion":"1.21""#), ("ENV-01", "NFTABLES", #""kubernetesVersion":"1.32""#),
    ])
  func lets(rule: String, mode: String, fact: String) throws {
    let params = "{\"config\":{\"mode\":\"\(mode)\"},\"facts\":{\(fact)}"
    let error = try fixture.refuse("cluster.update", "rg/web", params + "}")
    #expect(error.kind == "blocked")
    #expect(error.message.contains(rule) && error.message.contains("name \(rule) in override"))
    let answer = try fixture.call(
      "cluster.update", "rg/web", params + ",\"override\":[\"\(rule)\"],\"message\":\"why\"}")
    let rest = answer.items("report.findings").filter { $0.string("rule") != rule }.compactMap { $0.string("severity") }
    #expect(answer.verdict == rest.first)
    #expect(answer.rules.contains(rule))
    #expect(answer.strings("report.overridden") == [rule])
  }

  private static let both =
    #"{"config":{"mode":"IPVS"},"facts":{"kubernetesVersion":"1.41","networkPolicy":"azure"},"message":"why","#

  @Test("The override is recorded in the change and shown in audit_log")
  func recorded() throws {
    let seq = try fixture.record("cluster.update", "rg/web", Self.both + #""override":["POL-01","LIFE-01"]}"#)
    #expect(try fixture.call("change.get", nil, "{\"seq\":\(seq)}").strings("overridden") == ["LIFE-01", "POL-01"])
    #expect(try fixture.auditLog("overridden, message").last == #"["LIFE-01","POL-01"]|why"#)
  }

  @Test("Each blocking rule needs an override of its own")
  func each() throws {
    let error = try fixture.refuse("cluster.update", "rg/web", Self.both + #""override":["POL-01"]}"#)
    #expect(error.kind == "blocked")
    #expect(error.message.contains("LIFE-01"))
    #expect(!error.message.contains("POL-01"))
    let none = try fixture.refuse("cluster.update", "rg/web", Self.both + #""dryRun":false}"#)
    #expect(none.message.contains("(and 1 more)"))
    #expect(none.message.contains("name LIFE-01, POL-01 in override and say why in message"))
  }

  @Test("An override that is named twice is recorded once")
  func twice() throws {
    let answer = try fixture.call(
      "cluster.update", "rg/web",
      #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"},"override":["POL-01","POL-01"],"message":"why"}"#)
    #expect(answer.strings("report.overridden") == ["POL-01"])
  }

  @Test(
    "An override without a message is refused",
    arguments: ["", #","message":"""#, #","message":" \n""#, #","message":"\u200b""#])
  func message(message: String) throws {
    let error = try fixture.refuse(
      "cluster.update", "rg/web",
      #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"},"override":["POL-01"]"# + message + "}")
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "message")
    #expect(error.message.contains(message.isEmpty ? "POL-01" : "it has no visible character"))
  }

  @Test("A rule that does not exist is refused with the nearest that may be overridden")
  func unknown() throws {
    let error = try fixture.refuse(
      "cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"override":["POL-1"],"message":"why"}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "override")
    #expect(error.string("data.nearest") == "POL-01")
  }

  @Test("The override of a rule that may not be overridden is refused, with the rules that may be")
  func notOverridable() throws {
    let params = #"{"config":{"mode":"IPVS"},"facts":{"networkDataplane":"cilium"}"#
    let blocked = try fixture.refuse("cluster.update", "rg/web", params + "}")
    #expect(blocked.kind == "blocked")
    #expect(!blocked.message.contains("in override"))
    #expect(blocked.string("data.azureCode") == "CiliumDataplaneRequiresKubeProxyConfigDisabled")
    let error = try fixture.refuse("cluster.update", "rg/web", params + #","override":["POL-04"],"message":"why"}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.message.contains("ENV-01, ENV-05, LIFE-01, POL-01"))
  }

  @Test("The override of a rule that does not fire is refused")
  func silent() throws {
    let error = try fixture.refuse(
      "cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"override":["POL-01"],"message":"why"}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.message.contains("does not fire"))
  }

  @Test("The override of a rule that fires without blocking is refused")
  func notBlocking() throws {
    let error = try fixture.refuse(
      "cluster.update", "rg/web",
      #"{"config":{"mode":"IPVS"},"facts":{"kubernetesVersion":"1.36"},"override":["LIFE-01"],"message":"why"}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.message.contains("fires as high"))
  }

  @Test("The override of a standing finding is refused")
  func standing() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    let error = try fixture.refuse(
      "cluster.update", "rg/web", #"{"facts":{"networkPolicy":"azure"},"override":["POL-01"],"message":"why"}"#)
    #expect(error.kind == "invalid-params")
  }

  @Test(
    "A change that no rule judges accepts no override",
    arguments: [
      ("cluster.delete", "rg/web"), ("feature.register", RegistryFixture.feature),
      ("provider.unregister", RegistryFixture.provider),
      ("extension.set", "aks-preview"),
    ])
  func notJudged(method: String, subject: String) throws {
    let error = try fixture.refuse(method, subject, #"{"override":["POL-01"],"message":"why"}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "override")
  }

  @Test("A dry run with the override shows the verdict that the commit would have")
  func dryRun() throws {
    let params = #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"}"#
    #expect(try fixture.call("cluster.update", "rg/web", params + #","dryRun":true}"#).verdict == "blocked")
    let override = #","override":["POL-01"],"message":"why""#
    let planned = try fixture.call("cluster.update", "rg/web", params + override + #","dryRun":true}"#)
    let committed = try fixture.call("cluster.update", "rg/web", params + override + "}")
    #expect(planned.verdict == committed.verdict)
    #expect(planned.verdict != "blocked")
  }

  @Test("A creation and a rollback may be overridden too")
  func otherVerbs() throws {
    let override = #""override":["POL-01"],"message":"why""#
    try fixture.call(
      "cluster.create", "rg/api", #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"},"# + override + "}")
    try fixture.call("cluster.update", "rg/api", #"{"config":{}}"#)
    #expect(try fixture.refuse("cluster.rollback", "rg/api").message.hasPrefix("cannot roll back rg/api: POL-01"))
    #expect(try fixture.call("cluster.rollback", "rg/api", "{\(override)}").strings("report.overridden") == ["POL-01"])
  }
}
