// Arming a revert: which changes wait to be confirmed, and what reports and records say about it.

import ExactJSON
import FairleadModel
import Testing

@Suite("Arming a change to be confirmed")
struct ArmingTests {
  let fixture: RegistryFixture

  /// `rg/web` at revision 1, IPTABLES. The clock is stopped at 11:06:40.
  init() throws {
    fixture = try .ready()
    try fixture.call(
      "cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34","nodeCount":3}}"#)
  }

  @Test(
    "An update with a new revision is pending; its report has the deadline, the revision to restore, and how to keep it"
  )
  func update() throws {
    let answer = try fixture.call("cluster.update", "rg/web", RegistryFixture.toNFTables)
    let armed = try #require(answer.seq)
    let pending = #"{"seq":\#(armed),"revision":2,"restores":1,"deadline":"2026-11-18T11:16:40.000Z"}"#
    #expect(answer.at("cluster.pendingConfirm")?.text == pending)
    #expect(try fixture.call("cluster.get", "rg/web").at("pendingConfirm")?.text == pending)
    #expect(try fixture.call("cluster.list").at("items.0.pendingConfirm")?.text == pending)
    #expect(answer.int("report.pendingConfirm.seconds") == 600)
    #expect(answer.string("report.pendingConfirm.deadline") == "2026-11-18T11:16:40.000Z")
    #expect(answer.int("report.pendingConfirm.restores") == 1)
    #expect(answer.string("report.pendingConfirm.command") == "fairlead confirm -g rg -n web")
    #expect(answer.strings("report.pendingConfirm.caveats") == answer.strings("report.rollback.caveats"))
    #expect(try fixture.call("report.get", nil, "{\"seq\":\(armed)}").text == answer["report"]?.text)
    #expect(
      try fixture.sql("SELECT confirm_deadline, confirm_seq FROM cluster_current")
        == ["2026-11-18T11:16:40.000Z|\(armed)"])
  }

  @Test("The boot clock's deadline is in the record and not on the wire")
  func bootClock() throws {
    let answer = try fixture.call("cluster.update", "rg/web", RegistryFixture.toNFTables)
    let armed = try #require(answer.seq)
    #expect(
      try fixture.sql(
        "SELECT json_extract(record, '$.effects.cluster.pendingConfirm.boot') FROM change WHERE seq = \(armed)")
        == [#"{"id":"boot-1","deadlineMs":5600000}"#])
    #expect(!answer.text.contains("boot-1"))
    #expect(!(try fixture.call("cluster.get", "rg/web").text.contains("boot-1")))
    #expect(!(try fixture.call("cluster.list").text.contains("boot-1")))
  }

  @Test("A rollback can be pending too")
  func rollback() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
    let answer = try fixture.call("cluster.rollback", "rg/web", #"{"confirmWithinSeconds":60}"#)
    #expect(answer.int("cluster.pendingConfirm.restores") == 2)
    #expect(answer.int("cluster.pendingConfirm.revision") == 3)
  }

  @Test(
    "A plan says how long the change would be pending, arms nothing, and has another digest than one without a deadline"
  )
  func plan() throws {
    let plan = try fixture.call(
      "cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":600,"dryRun":true}"#)
    #expect(plan.int("report.pendingConfirm.seconds") == 600)
    #expect(plan.at("report.pendingConfirm.deadline") == nil)
    #expect(try fixture.call("cluster.get", "rg/web").at("pendingConfirm") == nil)
    let other = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"},"dryRun":true}"#)
    let digest = try #require(other.string("report.planDigest"))
    #expect(plan.string("report.planDigest") != digest)
    let error = try fixture.refuse(
      "cluster.update", "rg/web",
      #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":600,"planDigest":"\#(digest)"}"#)
    #expect(error.kind == "plan-stale")
    #expect(error.strings("data.moved") == ["params"])
  }

  @Test(
    "A change without a revision arms nothing, and a note says so",
    arguments: [#"{"config":{"mode":"IPTABLES"}"#, #"{"facts":{"nodeCount":4}"#, #"{"labels":{"a":"b"}"#])
  func nothingArmed(params: String) throws {
    let answer = try fixture.call("cluster.update", "rg/web", params + #","confirmWithinSeconds":60}"#)
    #expect(answer.at("cluster.pendingConfirm") == nil)
    #expect(answer.at("report.pendingConfirm") == nil)
    #expect(answer.strings("report.notes").contains { $0.hasPrefix("Nothing is armed") })
    #expect(try fixture.revertDue(after: 3600) == nil)
  }

  @Test("A refused change arms nothing: blocked by a rule, by a gate, or by a guard")
  func refused() throws {
    try fixture.call("cluster.update", "rg/web", #"{"facts":{"networkPolicy":"azure"}}"#)
    let ipvs = #""config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#
    #expect(try fixture.refuse("cluster.update", "rg/web", "{\(ipvs)").kind == "blocked")
    #expect(try fixture.refuse("cluster.update", "rg/web", "{\"ifRevision\":9,\(ipvs)").kind == "conflict")
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try fixture.refuse("cluster.update", "rg/web", RegistryFixture.toNFTables).kind == "prerequisite")
    #expect(try fixture.call("cluster.get", "rg/web").at("pendingConfirm") == nil)
    #expect(try fixture.revertDue(after: 3600) == nil)
  }

  @Test(
    "A rollback that restores a deleted cluster is refused with a deadline, since there is no revision to revert to")
  func deleted() throws {
    try fixture.call("cluster.delete", "rg/web")
    let error = try fixture.refuse("cluster.rollback", "rg/web", #"{"toRevision":1,"confirmWithinSeconds":60}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "confirmWithinSeconds")
    try fixture.call("cluster.rollback", "rg/web", #"{"toRevision":1}"#)
  }

  @Test("A repeated request id gets the same answer, also after the change was confirmed")
  func repeated() throws {
    let params = #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":600,"requestId":"r"}"#
    let first = try fixture.call("cluster.update", "rg/web", params)
    fixture.clock.advance(100)
    try fixture.call("cluster.confirm", "rg/web")
    #expect(try fixture.call("cluster.update", "rg/web", params).text == first.text)
    let longer = params.replacing("600", with: "601")
    #expect(try fixture.refuse("cluster.update", "rg/web", longer).kind == "request-id-reused")
  }
}
