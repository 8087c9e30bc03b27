// Reverts: what the daemon records when a change is not confirmed by its deadline, and which clock decides.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import Testing

@Suite("Reverting an unconfirmed change")
struct RevertTests {
  let fixture: RegistryFixture
  /// The number of the change that waits.
  let armed: Int

  init() throws { (fixture, armed) = try RegistryFixture.waiting() }

  private func mode() throws -> String? { try fixture.call("cluster.get", "rg/web").string("config.mode") }

  @Test("A revert is a change by the daemon, with a revision, a report, and the commands that undo the change")
  func change() throws {
    #expect(try fixture.revertDue(after: 599) == 1)
    #expect(fixture.lastSeq == armed)
    #expect(try fixture.revertDue(after: 1) == nil)
    let reverted = armed + 1
    let change = try fixture.call("change.get", nil, "{\"seq\":\(reverted)}")
    #expect(change.string("method") == "cluster.revert")
    #expect(change.string("actor.name") == "system")
    #expect(change.int("revision") == 3)
    #expect(
      change.string("message") == "not confirmed by 2026-11-18T11:16:40.000Z: revision 2 of change \(armed) taken back")
    #expect(change.string("summary")?.hasPrefix("revert rg/web: mode NFTABLES -> IPTABLES") == true)
    let report: JSON = ["report": try fixture.call("report.get", nil, "{\"seq\":\(reverted)}")]
    #expect(report.diff == [#"mode: "NFTABLES" -> "IPTABLES""#])
    #expect(report.rules.contains("RST-01"))
    #expect(report.commands("during").contains { $0.hasPrefix("az aks update") })
    #expect(report.strings("report.notes").first?.hasPrefix("Restores revision 1") == true)
    #expect(report.string("report.rollback.command") == "fairlead rollback -g rg -n web --to-revision 2")
    let revision = try fixture.call("cluster.history", "rg/web").at("items.0")
    #expect(revision?.string("origin") == "revert")
    #expect(revision?.int("restores") == 1)
    #expect(revision?.int("baseRevision") == 2)
    #expect(try fixture.call("cluster.get", "rg/web").at("pendingConfirm") == nil)
    #expect(fixture.reverts.takeChanges() == ["\(reverted) rg/web"])
  }

  @Test("A request reverts its own cluster first, and leaves other clusters to the deadline timer")
  func onlyItsOwn() throws {
    try fixture.call(
      "cluster.create", "rg/other", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    let other = try fixture.record("cluster.update", "rg/other", RegistryFixture.toNFTables)
    fixture.clock.advance(601)
    try fixture.call("cluster.update", "rg/other", #"{"labels":{"a":"b"},"dryRun":true}"#)
    #expect(fixture.reverts.takeChanges() == ["\(other + 1) rg/other"])
    #expect(try fixture.call("cluster.get", "rg/web").at("pendingConfirm") != nil)
    #expect(try fixture.revertDue() == nil)
    #expect(fixture.reverts.takeChanges() == ["\(other + 2) rg/web"])
  }

  @Test("Every report of a cluster with a pending change names it, and what its revert leaves behind")
  func stillWaits() throws {
    let same = try fixture.call("cluster.update", "rg/web", RegistryFixture.toNFTables)
    #expect(same["seq"] == .null)
    #expect(same.strings("report.notes").contains { $0.contains("still waits") && $0.contains("fairlead confirm") })
    try fixture.call("cluster.confirm", "rg/web")
    let toIPVS = #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":600}"#
    try fixture.call("cluster.rollback", "rg/web")
    try fixture.call("cluster.update", "rg/web", toIPVS)
    let facts = try fixture.call("cluster.update", "rg/web", #"{"facts":{"serviceCount":5}}"#)
    #expect(facts.strings("report.pendingConfirm.caveats") == ["MODE-03"])
  }

  @Test("A revert is recorded despite gates and rules that would refuse another change, and its notes name them")
  func passes() throws {
    try fixture.call("cluster.confirm", "rg/web")
    try fixture.call(
      "cluster.create", "rg/npm", #"{"config":{"mode":"IPVS"},"facts":{"kubernetesVersion":"1.34"}}"#)
    try fixture.call("cluster.update", "rg/npm", #"{"config":{"mode":"IPTABLES"},"confirmWithinSeconds":60}"#)
    try fixture.call("cluster.update", "rg/npm", #"{"facts":{"networkPolicy":"azure"}}"#)
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let seq = fixture.lastSeq + 1
    try fixture.revertDue(after: 60)
    let report = try fixture.call("report.get", nil, "{\"seq\":\(seq)}")
    #expect(report.strings("notes").contains("Passed over these rules, which block: POL-01."))
    #expect(report.strings("notes").contains("Passed over these gates, which are not met: feature, provider."))
    #expect(report.strings("overridden") == ["POL-01"])
    #expect(report.string("verdict") != "blocked")
    #expect(try fixture.call("cluster.get", "rg/npm").string("config.mode") == "IPVS")
  }

  @Test("A change of a cluster records an overdue revert first, which stays also where the change is refused")
  func first() throws {
    fixture.clock.advance(700)
    let error = try fixture.refuse("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"ifRevision":2}"#)
    #expect(error.string("data.path") == "ifRevision")
    #expect(error.int("data.actual") == 3)
    #expect(fixture.lastSeq == armed + 1)
    #expect(try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#).int("revision") == 4)
  }

  @Test("A plan records an overdue revert first as well")
  func plan() throws {
    fixture.clock.advance(600)
    let plan = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    #expect(plan.diff.first == #"mode: "IPTABLES" -> "IPVS""#)
    #expect(fixture.lastSeq == armed + 1)
  }

  @Test("A rollback without a target right after the revert does not restore the unconfirmed revision")
  func lateRollback() throws {
    fixture.clock.advance(600)
    let error = try fixture.refuse("cluster.rollback", "rg/web")
    #expect(error.kind == "conflict")
    #expect(error.string("data.path") == "toRevision")
    #expect(try mode() == "IPTABLES")
    try fixture.call("cluster.rollback", "rg/web", #"{"toRevision":2}"#)
    #expect(try mode() == "NFTABLES")
  }

  @Test("Several changes are reverted in the order of their deadlines, and reported in the order of the log")
  func several() throws {
    for (name, seconds) in [("a", 30), ("b", 10), ("c", 20)] {
      try fixture.call("cluster.create", "rg/\(name)")
      try fixture.call(
        "cluster.update", "rg/\(name)", "{\"config\":{\"mode\":\"NFTABLES\"},\"confirmWithinSeconds\":\(seconds)}")
    }
    let head = fixture.lastSeq
    #expect(try fixture.revertDue(after: 10) == 10)
    #expect(try fixture.revertDue(after: 1000) == nil)
    #expect(
      fixture.reverts.takeChanges() == [
        "\(head + 1) rg/b", "\(head + 2) rg/c", "\(head + 3) rg/a", "\(head + 4) rg/web",
      ])
  }

  @Test("More changes than fit one transaction are all reverted")
  func many() throws {
    for number in 0..<130 {
      try fixture.call("cluster.create", "rg/c\(number)")
      try fixture.call("cluster.update", "rg/c\(number)", #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":9}"#)
    }
    #expect(try fixture.revertDue(after: 9) == 591)
    #expect(fixture.reverts.takeChanges().count == 130)
  }

  // MARK: The clocks

  @Test("Setting the wall clock moves no deadline while the machine runs", arguments: [-86_400, -1, 1, 86_400])
  func wallClock(jump: Int) throws {
    fixture.clock.setWall(by: jump)
    #expect(try fixture.revertDue() == 600)
    fixture.clock.advance(599)
    fixture.clock.setWall(by: -jump * 2)
    #expect(try fixture.revertDue() == 1)
    try fixture.revertDue(after: 1)
    #expect(try mode() == "IPTABLES")
  }

  @Test("A restart of the daemon moves no deadline, even if the wall clock was set meanwhile")
  func restart() throws {
    fixture.clock.advance(400)
    fixture.clock.setWall(by: 86_400)
    try fixture.reopen()
    #expect(try fixture.revertDue() == 200)
    fixture.clock.advance(200)
    try fixture.reopen()
    #expect(try fixture.revertDue() == nil)
    #expect(try mode() == "IPTABLES")
  }

  @Test("After a reboot the wall clock decides")
  func reboot() throws {
    fixture.clock.reboot(after: 500)
    try fixture.reopen()
    #expect(try fixture.revertDue() == 100)
    #expect(try fixture.revertDue(after: 99) == 1)
    #expect(try mode() == "NFTABLES")
    try fixture.revertDue(after: 1)
    #expect(try mode() == "IPTABLES")
  }

  @Test("A change whose deadline passed while the machine was off is reverted at the start")
  func off() throws {
    fixture.clock.reboot(after: 86_400)
    try fixture.reopen()
    #expect(try fixture.revertDue() == nil)
    #expect(try fixture.auditLog("method, at").last == "cluster.revert|2026-11-19T11:06:40.000Z")
  }

  @Test("Deadlines of this boot and of an earlier one are each measured by their clock")
  func twoBoots() throws {
    fixture.clock.reboot(after: 100)
    try fixture.reopen()
    try fixture.call("cluster.create", "rg/api")
    let other = try fixture.record(
      "cluster.update", "rg/api", #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":200}"#)
    fixture.clock.setWall(by: 450)
    #expect(try fixture.revertDue() == 50)
    #expect(try fixture.revertDue(after: 50) == 150)
    #expect(fixture.reverts.takeChanges() == ["\(other + 1) rg/web"])
    #expect(try fixture.revertDue(after: 150) == nil)
    #expect(fixture.reverts.takeChanges() == ["\(other + 2) rg/api"])
  }

  @Test("Where the wall clock is earlier than the last change, the deadline counts from the change")
  func setBackBefore() throws {
    try fixture.call("cluster.confirm", "rg/web")
    fixture.clock.setWall(by: -3600)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    #expect(answer.string("cluster.pendingConfirm.deadline") == "2026-11-18T11:07:40.000Z")
    let seq = try #require(answer.seq)
    #expect(try fixture.call("change.get", nil, "{\"seq\":\(seq)}").string("at") == "2026-11-18T11:06:40.000Z")
  }

  @Test("Without a boot clock the wall clock decides")
  func noBootClock() throws {
    try fixture.close()
    let ledger = try Ledger(path: fixture.path)
    defer { try? ledger.close() }
    let clock = fixture.clock
    let registry = try Registry(
      ledger: ledger, settleSeconds: 0, system: .system, now: { clock.now }, bootTime: { nil },
      log: { Issue.record("\($0)") })
    #expect(try registry.revertDue() == 600_000)
    clock.setWall(by: 600)
    #expect(try registry.revertDue() == nil)
    #expect(registry.lastSeq == armed + 1)
  }
}
