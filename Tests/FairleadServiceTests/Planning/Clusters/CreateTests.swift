// `cluster.create`: a cluster's first revision, and the first one after a delete.

import ExactJSON
import Testing

@Suite("Creating a cluster")
struct CreateTests {
  let fixture: RegistryFixture

  init() throws { fixture = try .ready() }

  @Test("The answer has the change's number, the report, the revision, and the cluster")
  func answers() throws {
    let next = fixture.lastSeq + 1
    let answer = try fixture.call(
      "cluster.create", "rg/web",
      #"{"config":{"mode":"IPVS"},"facts":{"nodeCount":3},"labels":{"tier":"front"},"message":"the pilot"}"#)
    #expect(answer.objectValue?.keys == ["seq", "report", "revision", "cluster"])
    #expect(answer.seq == next)
    #expect(answer.int("revision") == 1)
    #expect(
      answer["cluster"]?.text
        == #"{"resourceGroup":"rg","name":"web","revision":1,"config":{"mode":"IPVS"},"#
        + #""effective":{"enabled":true,"mode":"IPVS","ipvsConfig":{"scheduler":"RoundRobin"}},"#
        + #""facts":{"nodeCount":3},"labels":{"tier":"front"},"createdAt":"2026-11-18T11:06:40.000Z","#
        + #""updatedAt":"2026-11-18T11:06:40.000Z","updatedSeq":\#(next)}"#)
    #expect(try fixture.call("cluster.get", "rg/web") == answer["cluster"])
  }

  @Test("Without a document the cluster has an empty one, and AKS's defaults in effect")
  func withoutConfig() throws {
    let answer = try fixture.call("cluster.create", "rg/web")
    #expect(answer.at("cluster.config")?.text == "{}")
    #expect(answer.at("cluster.effective")?.text == #"{"enabled":true,"mode":"IPTABLES"}"#)
    // The only finding is that the mode is left to kube-proxy.
    #expect(answer.rules == ["LIFE-02"])
    #expect(answer.verdict == "low")
  }

  @Test("Only state rules fire, since there is no traffic yet to disrupt")
  func stateRulesOnly() throws {
    let answer = try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
    #expect(!answer.rules.isEmpty)
    #expect(answer.rules.allSatisfy { $0.hasPrefix("ENV-") || $0.hasPrefix("POL-") })
  }

  @Test("A creation that a state rule blocks is refused, and there is no cluster")
  func blocked() throws {
    let error = try fixture.refuse(
      "cluster.create", "rg/web", #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"}}"#)
    #expect(error.kind == "blocked")
    #expect(error.string("data.report.verdict") == "blocked")
    #expect(try fixture.refuse("cluster.get", "rg/web").kind == "not-found")
  }

  @Test("A cluster that exists is not created again")
  func exists() throws {
    try fixture.call("cluster.create", "rg/web")
    let error = try fixture.refuse("cluster.create", "rg/web")
    #expect(error.kind == "already-exists")
    #expect(error.message.contains("rg/web") && error.message.contains("update"))
  }

  @Test("After a delete the revisions continue from the last number, and only the history remains from before")
  func afterDelete() throws {
    try fixture.call(
      "cluster.create", "rg/web", #"{"config":{"mode":"IPVS"},"facts":{"nodeCount":3},"labels":{"tier":"front"}}"#)
    try fixture.call("cluster.delete", "rg/web")
    fixture.clock.advance(60)
    let answer = try fixture.call("cluster.create", "rg/web")
    #expect(answer.int("revision") == 3)
    #expect(answer.at("cluster.facts")?.text == "{}")
    #expect(answer.at("cluster.labels")?.text == "{}")
    #expect(answer.string("cluster.createdAt") == "2026-11-18T11:07:40.000Z")
    let history = try fixture.call("cluster.history", "rg/web")
    #expect(history.items("items").map { $0.string("origin") } == ["create", "delete", "create"])
    #expect(history.items("items").map { $0.int("baseRevision") } == [2, 1, nil])
  }

  @Test("Configurations before a delete do not count as having run on the new nodes")
  func formerLifeLeavesNoRules() throws {
    try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.call("cluster.delete", "rg/web")
    try fixture.call("cluster.create", "rg/web", #"{"config":{"enabled":false},"facts":{"networkPlugin":"none"}}"#)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    #expect(!answer.rules.contains { $0.hasPrefix("MODE-") || $0.hasPrefix("SCH-") })
    #expect(!(answer["report"]?.text.contains("IPVS") ?? true))
  }

  @Test("The report says how to carry the creation out and how to undo it")
  func commands() throws {
    let answer = try fixture.call("cluster.create", "blue/rg/web", "{}")
    #expect(answer.string("report.rollback.command") == "fairlead delete --subscription blue -g rg -n web")
    #expect(answer.commands("during") == ["az aks create --resource-group rg --name web --subscription blue"])
  }
}
