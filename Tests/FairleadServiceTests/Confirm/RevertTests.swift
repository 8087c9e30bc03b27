// Reverts: what the daemon records when nobody confirmed, and the clocks that say when.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import Testing

@Suite("Taking an unconfirmed change back")
struct RevertTests {
  let bench: RegistryFixture

  /// `rg/web` at revision 2, NFTABLES, which waits 600 seconds: change 6.
  init() throws {
    bench = try .ready()
    try bench.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    try bench.call("cluster.update", "rg/web", ArmingTests.toNFTables)
  }

  private func mode() throws -> String? { try bench.call("cluster.get", "rg/web").string("config.mode") }

  @Test("A revert is a change of the daemon's own, with a revision, a report, and the commands that take it back")
  func change() throws {
    #expect(try bench.takeBack(after: 599) == 1)
    #expect(bench.head == 6)
    #expect(try bench.takeBack(after: 1) == nil)
    let change = try bench.call("change.get", nil, #"{"seq":7}"#)
    #expect(change.string("method") == "cluster.revert")
    #expect(change.string("actor.name") == "system")
    #expect(change.int("revision") == 3)
    #expect(
      change.string("message") == "not confirmed by 2026-11-18T11:16:40.000Z: revision 2 of change 6 taken back")
    #expect(change.string("summary")?.hasPrefix("revert rg/web: mode NFTABLES -> IPTABLES") == true)
    let report: JSON = ["report": try bench.call("report.get", nil, #"{"seq":7}"#)]
    #expect(report.diff == [#"mode: "NFTABLES" -> "IPTABLES""#])
    #expect(report.rules.contains("RST-01"))
    #expect(report.commands("during").contains { $0.hasPrefix("az aks update") })
    #expect(report.strings("report.notes").first?.hasPrefix("Restores revision 1") == true)
    #expect(report.string("report.rollback.command") == "fairlead rollback -g rg -n web --to-revision 2")
    let revision = try bench.call("cluster.history", "rg/web").at("items.0")
    #expect(revision?.string("origin") == "revert")
    #expect(revision?.int("restores") == 1)
    #expect(revision?.int("baseRevision") == 2)
    #expect(try bench.call("cluster.get", "rg/web").at("pendingConfirm") == nil)
    #expect(bench.reverts.taken() == ["7 rg/web"])
  }

  @Test("A request waits for the revert of its own cluster, and the others are left to whoever settles")
  func onlyItsOwn() throws {
    try bench.call(
      "cluster.create", "rg/other", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    try bench.call("cluster.update", "rg/other", ArmingTests.toNFTables)
    bench.clock.advance(601)
    try bench.call("cluster.update", "rg/other", #"{"labels":{"a":"b"},"dryRun":true}"#)
    #expect(bench.reverts.taken() == ["9 rg/other"])
    #expect(try bench.call("cluster.get", "rg/web").at("pendingConfirm") != nil)
    #expect(try bench.takeBack() == nil)
    #expect(bench.reverts.taken() == ["10 rg/web"])
  }

  @Test("What still waits is told with every change that leaves it, with what its revert leaves behind")
  func stillWaits() throws {
    let same = try bench.call("cluster.update", "rg/web", ArmingTests.toNFTables)
    #expect(same["seq"] == .null)
    #expect(same.strings("report.notes").contains { $0.contains("still waits") && $0.contains("fairlead confirm") })
    try bench.call("cluster.confirm", "rg/web")
    let toIPVS = #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":600}"#
    try bench.call("cluster.rollback", "rg/web")
    try bench.call("cluster.update", "rg/web", toIPVS)
    let facts = try bench.call("cluster.update", "rg/web", #"{"facts":{"serviceCount":5}}"#)
    #expect(facts.strings("report.pendingConfirm.caveats") == ["MODE-03"])
  }

  @Test("A revert passes gates and rules that would refuse anybody else, and its notes name them")
  func passes() throws {
    try bench.call("cluster.confirm", "rg/web")
    try bench.call(
      "cluster.create", "rg/npm", #"{"config":{"mode":"IPVS"},"facts":{"kubernetesVersion":"1.34"}}"#)
    try bench.call("cluster.update", "rg/npm", #"{"config":{"mode":"IPTABLES"},"confirmWithinSeconds":60}"#)
    try bench.call("cluster.update", "rg/npm", #"{"facts":{"networkPolicy":"azure"}}"#)
    try bench.call("feature.unregister", RegistryFixture.feature)
    let seq = bench.head + 1
    try bench.takeBack(after: 60)
    let report = try bench.call("report.get", nil, "{\"seq\":\(seq)}")
    #expect(report.strings("notes").contains("Passed over these rules, which block: POL-01."))
    #expect(report.strings("notes").contains("Passed over these gates, which are not met: feature, provider."))
    #expect(report.strings("overridden") == ["POL-01"])
    #expect(report.string("verdict") != "blocked")
    #expect(try bench.call("cluster.get", "rg/npm").string("config.mode") == "IPVS")
  }

  @Test("A change of the cluster meets the revert first, which stays also where that change is refused")
  func first() throws {
    bench.clock.advance(700)
    let error = try bench.refuse("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"ifRevision":2}"#)
    #expect(error.string("data.path") == "ifRevision")
    #expect(error.int("data.actual") == 3)
    #expect(bench.head == 7)
    #expect(try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#).int("revision") == 4)
  }

  @Test("A plan meets the revert first as well")
  func plan() throws {
    bench.clock.advance(600)
    let plan = try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    #expect(plan.diff.first == #"mode: "IPTABLES" -> "IPVS""#)
    #expect(bench.head == 7)
  }

  @Test("A rollback without a target that comes a moment too late does not bring the unconfirmed revision back")
  func lateRollback() throws {
    bench.clock.advance(600)
    let error = try bench.refuse("cluster.rollback", "rg/web")
    #expect(error.kind == "conflict")
    #expect(error.string("data.path") == "toRevision")
    #expect(try mode() == "IPTABLES")
    try bench.call("cluster.rollback", "rg/web", #"{"toRevision":2}"#)
    #expect(try mode() == "NFTABLES")
  }

  @Test("Several are taken back in the order of their deadlines, and told in the order of the log")
  func several() throws {
    for (name, seconds) in [("a", 30), ("b", 10), ("c", 20)] {
      try bench.call("cluster.create", "rg/\(name)")
      try bench.call(
        "cluster.update", "rg/\(name)", "{\"config\":{\"mode\":\"NFTABLES\"},\"confirmWithinSeconds\":\(seconds)}")
    }
    #expect(try bench.takeBack(after: 10) == 10)
    #expect(try bench.takeBack(after: 1000) == nil)
    #expect(bench.reverts.taken() == ["13 rg/b", "14 rg/c", "15 rg/a", "16 rg/web"])
  }

  @Test("More than fit in one transaction are all taken back")
  func many() throws {
    for number in 0..<130 {
      try bench.call("cluster.create", "rg/c\(number)")
      try bench.call("cluster.update", "rg/c\(number)", #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":9}"#)
    }
    #expect(try bench.takeBack(after: 9) == 591)
    #expect(bench.reverts.taken().count == 130)
  }

  // MARK: The clocks

  @Test("A wall clock that is set moves no deadline while the machine runs", arguments: [-86_400, -1, 1, 86_400])
  func wallClock(jump: Int) throws {
    bench.clock.setWall(by: jump)
    #expect(try bench.takeBack() == 600)
    bench.clock.advance(599)
    bench.clock.setWall(by: -jump * 2)
    #expect(try bench.takeBack() == 1)
    try bench.takeBack(after: 1)
    #expect(try mode() == "IPTABLES")
  }

  @Test("A restart of the daemon moves no deadline either, whatever the wall clock did meanwhile")
  func restart() throws {
    bench.clock.advance(400)
    bench.clock.setWall(by: 86_400)
    try bench.reopen()
    #expect(try bench.takeBack() == 200)
    bench.clock.advance(200)
    try bench.reopen()
    #expect(try bench.takeBack() == nil)
    #expect(try mode() == "IPTABLES")
  }

  @Test("After the machine started again the wall clock decides")
  func reboot() throws {
    bench.clock.reboot(after: 500)
    try bench.reopen()
    #expect(try bench.takeBack() == 100)
    #expect(try bench.takeBack(after: 99) == 1)
    #expect(try mode() == "NFTABLES")
    try bench.takeBack(after: 1)
    #expect(try mode() == "IPTABLES")
  }

  @Test("What fell due while the machine was off is taken back at the start")
  func off() throws {
    bench.clock.reboot(after: 86_400)
    try bench.reopen()
    #expect(try bench.takeBack() == nil)
    #expect(
      try bench.sql("SELECT method, at FROM audit_log WHERE seq = 7") == ["cluster.revert|2026-11-19T11:06:40.000Z"])
  }

  @Test("Deadlines of two boots are taken back side by side, each by its clock")
  func twoBoots() throws {
    bench.clock.reboot(after: 100)
    try bench.reopen()
    try bench.call("cluster.create", "rg/api")
    try bench.call("cluster.update", "rg/api", #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":200}"#)
    bench.clock.setWall(by: 450)
    #expect(try bench.takeBack() == 50)
    #expect(try bench.takeBack(after: 50) == 150)
    #expect(bench.reverts.taken() == ["9 rg/web"])
    #expect(try bench.takeBack(after: 150) == nil)
    #expect(bench.reverts.taken() == ["10 rg/api"])
  }

  @Test("Where the wall clock stands before the last change, the deadline runs from the clock as it is")
  func setBackBefore() throws {
    try bench.call("cluster.confirm", "rg/web")
    bench.clock.setWall(by: -3600)
    let answer = try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    #expect(answer.string("cluster.pendingConfirm.deadline") == "2026-11-18T10:07:40.000Z")
    #expect(try bench.call("change.get", nil, #"{"seq":8}"#).string("at") == "2026-11-18T11:06:40.000Z")
  }

  @Test("Without a clock of the boot the wall clock decides")
  func noBootClock() throws {
    try bench.close()
    let ledger = try Ledger(path: bench.path)
    defer { try? ledger.close() }
    let clock = bench.clock
    let registry = try Registry(
      ledger: ledger, settleSeconds: 0, system: .system, now: { clock.now }, bootTime: { nil }, onRevert: { _ in },
      log: { Issue.record("\($0)") })
    #expect(try registry.revertDue() == 600_000)
    clock.setWall(by: 600)
    #expect(try registry.revertDue() == nil)
    #expect(registry.head == 7)
  }
}
