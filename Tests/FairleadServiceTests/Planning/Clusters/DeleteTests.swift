// `cluster.delete`: a tombstone revision at the end of a cluster's history, which stays.

import ExactJSON
import Testing

@Suite("Deleting a cluster")
struct DeleteTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
  }

  @Test("It appends a tombstone revision, which has no configuration")
  func tombstone() throws {
    let answer = try fixture.call("cluster.delete", "rg/web", #"{"message":"retired"}"#)
    #expect(answer.int("revision") == 2)
    #expect(answer.bool("cluster.deleted") == true)
    let deleted = try #require(answer.seq)
    let newest = try fixture.call("cluster.history", "rg/web").at("items.0")
    #expect(
      newest?.text
        == #"{"revision":2,"baseRevision":1,"origin":"delete","config":null,"seq":\#(deleted),"#
        + #""at":"2026-11-18T11:06:40.000Z","actor":{"uid":1000,"gid":1000,"pid":4242,"name":"alice"},"message":"retired"}"#
    )
  }

  @Test("The report has verdict none, and says that the delete removes the record and not the cluster in Azure")
  func report() throws {
    let answer = try fixture.call("cluster.delete", "rg/web")
    #expect(answer.verdict == "none")
    #expect(answer.strings("report.notes").contains { $0.contains("not the cluster") })
    #expect(answer.string("report.rollback.command") == "fairlead rollback -g rg -n web --to-revision 1")
    #expect(answer.commands("during") == ["az aks delete --resource-group rg --name web"])
    #expect(answer.diff.contains(#"mode: "IPVS" -> null"#))
  }

  @Test("It needs no gate")
  func ungated() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try fixture.call("cluster.delete", "rg/web").int("revision") == 2)
  }

  @Test(
    "Requests for a deleted cluster are refused as not found, and the message says how to restore it",
    arguments: ["cluster.update", "cluster.delete", "cluster.get"])
  func gone(method: String) throws {
    let deleted = try fixture.record("cluster.delete", "rg/web")
    let error = try fixture.refuse(method, "rg/web")
    #expect(error.kind == "not-found")
    #expect(error.message.contains("deleted with change \(deleted)"))
    #expect(error.message.contains("cluster.rollback brings it back"))
  }

  @Test("A deleted cluster is in no list, and keeps its history, its revisions and its place in the log")
  func kept() throws {
    try fixture.call("cluster.delete", "rg/web")
    #expect(try fixture.call("cluster.list").items("items").isEmpty)
    #expect(try fixture.call("cluster.history", "rg/web").items("items").count == 2)
    #expect(try fixture.call("cluster.get", "rg/web", #"{"revision":1}"#).string("config.mode") == "IPVS")
    #expect(try fixture.call("cluster.diff", "rg/web", #"{"from":1,"to":2}"#)["after"] == .null)
  }
}
