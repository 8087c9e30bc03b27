// Pending changes: which requests a cluster with an unconfirmed revision accepts, and how the wait ends.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadWire
import Testing

@Suite("A cluster with a pending change")
struct WaitingTests {
  let fixture: RegistryFixture
  /// The number of the change that waits.
  let armed: Int

  init() throws { (fixture, armed) = try RegistryFixture.waiting() }

  @Test(
    "Another configuration and a delete are refused as a conflict that names the deadline, cluster.confirm and cluster.rollback",
    arguments: [
      ("cluster.update", #"{"config":{"mode":"IPVS"}}"#),
      ("cluster.update", #"{"config":{"mode":"IPVS"},"facts":{"nodeCount":3},"confirmWithinSeconds":5}"#),
      ("cluster.update", #"{"config":{"mode":"IPVS"},"dryRun":true}"#), ("cluster.delete", "{}"),
      ("cluster.delete", #"{"dryRun":true}"#),
    ])
  func conflict(method: String, params: String) throws {
    let tables = try fixture.tables()
    let error = try fixture.refuse(method, "rg/web", params)
    #expect(error.kind == "conflict")
    #expect(error.string("data.path") == "pendingConfirm")
    #expect(error.int("data.expected") == 0)
    #expect(error.int("data.actual") == armed)
    for part in [
      "2026-11-18T11:16:40.000Z", "cluster.confirm", "cluster.rollback to revision 1",
    ] {
      #expect(error.message.contains(part), "\(error.message)")
    }
    #expect(try fixture.tables() == tables)
  }

  @Test("Facts and labels can be changed; the change stays pending, and the report says so")
  func facts() throws {
    fixture.clock.advance(100)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":7},"labels":{"a":"b"}}"#)
    #expect(answer.int("cluster.pendingConfirm.seq") == armed)
    #expect(answer.string("report.pendingConfirm.deadline") == "2026-11-18T11:16:40.000Z")
    #expect(answer.at("report.pendingConfirm.seconds") == nil)
    #expect(try fixture.revertDue() == 500)
    // The revert restores the configuration, and nothing else.
    #expect(try fixture.revertDue(after: 500) == nil)
    let cluster = try fixture.call("cluster.get", "rg/web")
    #expect(cluster.string("config.mode") == "IPTABLES")
    #expect(cluster.int("facts.nodeCount") == 7)
    #expect(cluster.string("labels.a") == "b")
  }

  @Test("An update to the same configuration records nothing, and the change stays pending")
  func same() throws {
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
    #expect(answer["seq"] == .null)
    #expect(answer.int("cluster.pendingConfirm.seq") == armed)
  }

  @Test("A pending change does not affect other clusters, registrations and extensions")
  func others() throws {
    try fixture.call("cluster.create", "rg/api", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.call("cluster.delete", "rg/api")
    try fixture.call("extension.set", "aks-preview")
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(fixture.registry.pendingConfirms.count == 1)
  }

  @Test("A rollback ends the wait, and goes to the revision before the pending one")
  func rollback() throws {
    let answer = try fixture.call("cluster.rollback", "rg/web")
    #expect(answer.int("revision") == 3)
    #expect(answer.string("cluster.config.mode") == "IPTABLES")
    #expect(answer.at("cluster.pendingConfirm") == nil)
    #expect(try fixture.revertDue(after: 3600) == nil)
    #expect(fixture.lastSeq == armed + 1)
  }

  @Test("A rollback to another revision with a deadline reverts, if unconfirmed, to the last confirmed revision")
  func rollbackArmsAnew() throws {
    try fixture.call("cluster.confirm", "rg/web")
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    let answer = try fixture.call("cluster.rollback", "rg/web", #"{"toRevision":1,"confirmWithinSeconds":90}"#)
    let seq = try #require(answer.seq)
    #expect(
      answer.at("cluster.pendingConfirm")?.text
        == #"{"seq":\#(seq),"revision":4,"restores":2,"deadline":"2026-11-18T11:08:10.000Z"}"#)
    try fixture.revertDue(after: 90)
    let revision = try fixture.call("cluster.history", "rg/web").at("items.0")
    #expect(revision?.string("origin") == "revert")
    #expect(revision?.int("restores") == 2)
    #expect(revision?.string("config.mode") == "NFTABLES")
  }

  @Test("A rollback to the last confirmed revision arms no revert, and its report says so")
  func rollbackToConfirmed() throws {
    let answer = try fixture.call("cluster.rollback", "rg/web", #"{"confirmWithinSeconds":60}"#)
    #expect(answer.at("cluster.pendingConfirm") == nil)
    #expect(answer.strings("report.notes").contains { $0.hasPrefix("Nothing waits to be confirmed") })
    #expect(try fixture.revertDue(after: 3600) == nil)
  }

  // MARK: Confirming

  @Test("A confirmation is a change without a revision, by the user who confirms, and ends the wait")
  func confirm() throws {
    fixture.clock.advance(599)
    let answer = try fixture.call("cluster.confirm", "rg/web", #"{"message":"all is well","seq":\#(armed)}"#, as: .bob)
    let confirmed = armed + 1
    #expect(answer.seq == confirmed)
    #expect(answer.int("revision") == 2)
    #expect(answer.verdict == "none")
    #expect(answer.string("report.summary") == "confirm rg/web: revision 2 stays")
    #expect(answer.at("cluster.pendingConfirm") == nil)
    #expect(answer.int("cluster.updatedSeq") == confirmed)
    let change = try fixture.call("change.get", nil, "{\"seq\":\(confirmed)}")
    #expect(change.string("method") == "cluster.confirm")
    #expect(change.string("actor.name") == "bob")
    #expect(change.at("revision") == nil)
    #expect(try fixture.revertDue(after: 3600) == nil)
    #expect(try fixture.call("cluster.get", "rg/web").string("config.mode") == "NFTABLES")
  }

  @Test("A dry run of a confirmation does not end the wait")
  func confirmPlan() throws {
    #expect(try fixture.call("cluster.confirm", "rg/web", #"{"dryRun":true}"#)["seq"] == .null)
    #expect(fixture.registry.pendingConfirms.count == 1)
  }

  @Test("A confirmation of another change than the pending one, or with a guard that does not hold, is refused")
  func guarded() throws {
    let other = try fixture.refuse("cluster.confirm", "rg/web", "{\"seq\":\(armed - 1)}")
    #expect(other.kind == "conflict")
    #expect(other.string("data.path") == "seq")
    #expect(other.int("data.actual") == armed)
    #expect(try fixture.refuse("cluster.confirm", "rg/web", #"{"ifRevision":1}"#).string("data.path") == "ifRevision")
    #expect(try fixture.refuse("cluster.confirm", "rg/web", "{\"ifSeq\":\(armed - 1)}").string("data.path") == "ifSeq")
    #expect(try fixture.refuse("cluster.confirm", "rg/web", #"{"override":["POL-01"]}"#).kind == "invalid-params")
    #expect(try fixture.refuse("cluster.confirm", "rg/other").kind == "not-found")
    try fixture.call("cluster.confirm", "rg/web", #"{"ifRevision":2,"ifSeq":\#(armed),"seq":\#(armed)}"#)
  }

  @Test("A second confirmation is refused, and the message says who confirmed and when")
  func twice() throws {
    let confirmed = try fixture.record("cluster.confirm", "rg/web", as: .bob)
    let error = try fixture.refuse("cluster.confirm", "rg/web")
    #expect(error.kind == "conflict")
    #expect(error.string("data.path") == "pendingConfirm")
    #expect(error.int("data.expected") == armed)
    #expect(error.int("data.actual") == 0)
    #expect(
      error.message.contains("confirmed already, at 2026-11-18T11:06:40.000Z by bob (change \(confirmed))"),
      "\(error.message)")
  }

  @Test("A confirmation after the deadline is refused; the revert is recorded, and the message says when")
  func late() throws {
    fixture.clock.advance(600)
    let error = try fixture.refuse("cluster.confirm", "rg/web")
    #expect(error.kind == "conflict")
    #expect(error.message.contains("too late"), "\(error.message)")
    #expect(error.message.contains("taken back at 2026-11-18T11:16:40.000Z (change \(armed + 1))"), "\(error.message)")
    #expect(error.message.contains("update it again"), "\(error.message)")
    #expect(fixture.lastSeq == armed + 1)
    #expect(try fixture.call("cluster.get", "rg/web").string("config.mode") == "IPTABLES")
  }

  @Test("A confirmation after a rollback is refused, and the message names the rollback")
  func rolledBack() throws {
    let rolledBack = try fixture.record("cluster.rollback", "rg/web", as: .bob)
    let error = try fixture.refuse("cluster.confirm", "rg/web")
    #expect(
      error.message.contains("it was taken back at 2026-11-18T11:06:40.000Z by bob (change \(rolledBack))"),
      "\(error.message)")
  }

  @Test(
    "After many other changes a confirmation is told to give the number of the change, and with it what became of that one",
    arguments: [true, false])
  func longAgo(isPlan: Bool) throws {
    let dryRun = #""dryRun":\#(isPlan)"#
    let confirmed = try fixture.record("cluster.confirm", "rg/web", as: .bob)
    for number in 1...Limits.endedConfirmChanges {
      try fixture.call("cluster.update", "rg/web", #"{"labels":{"n":"\#(number)"}}"#)
    }
    let error = try fixture.refuse("cluster.confirm", "rg/web", "{\(dryRun)}")
    #expect(error.kind == "conflict")
    #expect(error.string("data.path") == "pendingConfirm")
    #expect(error.message.contains("no change of it waits to be confirmed"), "\(error.message)")
    #expect(error.message.contains("none of its last 64 changes did"), "\(error.message)")
    #expect(error.message.hasSuffix("give its number in seq"), "\(error.message)")
    let exact = try fixture.refuse("cluster.confirm", "rg/web", #"{"seq":\#(armed),\#(dryRun)}"#)
    #expect(exact.int("data.expected") == armed)
    #expect(exact.message.contains("confirmed already, at"), "\(exact.message)")
    #expect(exact.message.contains("by bob (change \(confirmed))"), "\(exact.message)")
  }

  @Test("A confirmation of a cluster that never had a pending change is refused, and the message says so")
  func never() throws {
    let created = try fixture.record("cluster.create", "rg/api")
    let error = try fixture.refuse("cluster.confirm", "rg/api")
    #expect(error.kind == "conflict")
    #expect(error.message.contains("no change of it waits"), "\(error.message)")
    #expect(
      try fixture.refuse("cluster.confirm", "rg/api", "{\"seq\":\(created)}").message.contains("has never waited"))
  }

  @Test("A plan says at once that the writer has to take a change back first, and plans once that is done")
  func planNow() throws {
    let update = #"{"resourceGroup":"rg","name":"web","labels":{"a":"b"},"dryRun":true}"#
    let one = try Method.named("cluster.update").call(try #require(JSON(parsing: update).objectValue))
    let apply = #"{"dryRun":true,"changes":[{"method":"cluster.delete","params":{"resourceGroup":"rg","name":"web"}}]}"#
    let fleet = try Method.named("cluster.apply").call(try #require(JSON(parsing: apply).objectValue))
    guard case .change(let request, let options) = one, case .apply(let fleet) = fleet else {
      Issue.record("not two changes")
      return
    }
    let registry = fixture.registry
    fixture.clock.advance(601)
    #expect(try registry.planNow(request, options, by: .alice) == nil)
    #expect(try registry.planNow(fleet, by: .alice) == nil)
    #expect(fixture.lastSeq == armed)
    try fixture.revertDue()
    #expect(try registry.planNow(request, options, by: .alice) != nil)
    #expect(try registry.planNow(fleet, by: .alice) != nil)
  }
}
