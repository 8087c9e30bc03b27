// `cluster.update` with a document: it replaces the whole document, and is judged by effective values.

import ExactJSON
import Testing

@Suite("Updating a configuration")
struct UpdateTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try .ready()
    try fixture.call(
      "cluster.create", "rg/web",
      #"{"config":{"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection","tcpTimeoutSeconds":7200}}}"#)
  }

  @Test("A document replaces the whole one, and what it does not set is unset")
  func replaces() throws {
    let answer = try fixture.call(
      "cluster.update", "rg/web", #"{"config":{"mode":"IPVS","ipvsConfig":{"udpTimeoutSeconds":60}}}"#)
    #expect(answer.at("cluster.config")?.text == #"{"mode":"IPVS","ipvsConfig":{"udpTimeoutSeconds":60}}"#)
    #expect(
      answer.diff == [
        #"ipvsConfig.scheduler: "LeastConnection" -> "RoundRobin""#, "ipvsConfig.tcpTimeoutSeconds: 7200 -> null",
        "ipvsConfig.udpTimeoutSeconds: null -> 60",
      ])
  }

  @Test("A sparse document is stored sparse: null is unset, and no default is filled in")
  func sparse() throws {
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"enabled":null,"mode":"IPVS"}}"#)
    #expect(answer.at("cluster.config")?.text == #"{"mode":"IPVS"}"#)
    #expect(try fixture.sql("SELECT config FROM revision WHERE revision = 2") == [#"{"mode":"IPVS"}"#])
  }

  @Test("Without a document the configuration stays as it is")
  func absent() throws {
    let answer = try fixture.call("cluster.update", "rg/web", #"{"labels":{"tier":"front"}}"#)
    #expect(answer.string("cluster.config.mode") == "IPVS")
    #expect(answer.int("revision") == 1)
  }

  @Test("An identical document records nothing, and answers the current revision and no number")
  func identical() throws {
    let before = try fixture.tables()
    let answer = try fixture.call(
      "cluster.update", "rg/web",
      #"{"config":{"ipvsConfig":{"tcpTimeoutSeconds":7200,"scheduler":"LeastConnection"},"mode":"IPVS"}}"#)
    #expect(answer["seq"] == .null)
    #expect(answer.int("revision") == 1)
    #expect(answer.verdict == "none")
    #expect(answer["cluster"] == (try fixture.call("cluster.get", "rg/web")))
    #expect(try fixture.tables() == before)
  }

  @Test("A request without a change records nothing")
  func empty() throws {
    let head = fixture.lastSeq
    let answer = try fixture.call("cluster.update", "rg/web")
    #expect(answer["seq"] == .null)
    #expect(answer.string("report.summary") == "update rg/web: nothing to record")
    #expect(fixture.lastSeq == head)
  }

  @Test(
    "A document that differs without effect is a revision with verdict none, no gate, and NOOP-01 as its only finding")
  func textOnly() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let answer = try fixture.call(
      "cluster.update", "rg/web",
      #"{"config":{"enabled":true,"mode":"IPVS","ipvsConfig":{"scheduler":"RoundRobin"}}}"#)
    #expect(answer.int("revision") == 3)
    #expect(answer.verdict == "none")
    #expect(answer.rules == ["NOOP-01"])
    #expect(answer.items("report.prerequisites").isEmpty)
    #expect(answer.diff.isEmpty)
    #expect(answer.commands("during").isEmpty)
  }

  @Test("An empty document resets to the defaults, and a note says so")
  func reset() throws {
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{}}"#)
    #expect(answer.at("cluster.config")?.text == "{}")
    #expect(answer.strings("report.notes").contains { $0.contains("resets") && $0.contains("defaults") })
    #expect(answer.diff.contains(#"mode: "IPVS" -> "IPTABLES""#))
    // `az aks update` takes {} for "no change".
    #expect(answer.commands("during").first?.contains(#"{"enabled":true,"mode":"IPTABLES"}"#) == true)
  }

  @Test("A key in an old spelling is read as the current one, and a note says so")
  func oldSpelling() throws {
    let answer = try fixture.call(
      "cluster.update", "rg/web", #"{"config":{"mode":"IPVS","ipvsConfig":{"TCPTimeoutSeconds":900}}}"#)
    #expect(answer.int("cluster.config.ipvsConfig.tcpTimeoutSeconds") == 900)
    #expect(answer.strings("report.notes").contains { $0.contains("TCPTimeoutSeconds") })
  }

  @Test("The verdict is the worst finding's severity, and the findings are listed worst first")
  func verdict() throws {
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
    let order = ["none", "info", "low", "medium", "high", "critical", "blocked"]
    let ranks = answer.items("report.findings").map { order.firstIndex(of: $0.string("severity") ?? "") ?? -1 }
    #expect(ranks.count > 1)
    #expect(ranks == ranks.sorted(by: >))
    #expect(answer.verdict == ranks.first.map { order[$0] })
  }

  @Test("A configuration is judged with the facts of the same request")
  func factsFirst() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPTABLES"},"facts":{"networkPolicy":"azure"}}"#)
    #expect(try fixture.refuse("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#).kind == "blocked")
    let answer = try fixture.call(
      "cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"calico"}}"#)
    #expect(!answer.rules.contains("POL-01"))
    #expect(answer.int("revision") == 3)
    #expect(answer.diff.contains(#"facts.networkPolicy: "azure" -> "calico""#))
  }

  @Test("With kube-proxy disabled, the rules of the last mode that ran are taken to be on the nodes")
  func lastMode() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"enabled":false},"facts":{"networkPlugin":"none"}}"#)
    try fixture.call("cluster.update", "rg/web", #"{"config":{"enabled":false,"mode":"NFTABLES"}}"#)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    #expect(answer.rules.contains("MODE-03"))
    #expect(answer.items("report.findings").contains { $0.string("detail")?.contains("IPVS ran last") == true })
  }

  @Test("A move back to IPVS takes into account the timeouts that an earlier revision left in the kernels")
  func kernelTimeouts() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":600}}}"#)
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    let finding = answer.items("report.findings").first { $0.string("rule") == "TMO-04" }
    #expect(finding?.string("certainty") == "may")
    #expect(finding?.string("detail")?.contains("tcpTimeoutSeconds 600") == true)
  }

  @Test("An update of a cluster that does not exist is refused as not found")
  func missing() throws {
    let error = try fixture.refuse("cluster.update", "rg/api", #"{"config":{}}"#)
    #expect(error.kind == "not-found")
    #expect(error.string("data.azureCode") == "ResourceNotFound")
    #expect(error.message.contains("rg/api") && error.message.contains("cluster.list"))
  }
}
