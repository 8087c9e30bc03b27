// A wall clock that jumps: what changes are stamped with, and when deadlines are due.

import ExactJSON
import FairleadModel
import FairleadService
import Testing

@Suite("A wall clock that jumps")
struct ClockTests {
  private static let fiveYears = 5 * 365 * 86_400
  private static let armed = #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":60}"#

  let fixture: RegistryFixture

  init() throws {
    fixture = try RegistryFixture.ready()
    try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
  }

  /// One change while the clock is ahead, which stamps all later ones.
  private func recordAhead() throws {
    fixture.clock.setWall(by: Self.fiveYears)
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"ahead":"yes"}}"#)
    fixture.clock.setWall(by: -Self.fiveYears)
  }

  private func time(_ column: String, _ seq: Int) throws -> Timestamp {
    let path = column == "at" ? "$.at" : "$.effects.cluster.pendingConfirm.deadline"
    let text = try fixture.sql("SELECT json_extract(record, '\(path)') FROM change WHERE seq = \(seq)")
    let first = try #require(text.first)
    return try #require(Timestamp(first))
  }

  @Test("a deadline is not before its change after the clock was ahead, and the wait is as long as it was asked for")
  func deadline() throws {
    try recordAhead()
    let seq = try fixture.record("cluster.update", "rg/web", Self.armed)
    #expect(try time("deadline", seq) == time("at", seq).adding(seconds: 60))
    #expect(try fixture.revertDue(after: 59) == 1)
    #expect(try fixture.revertDue(after: 1) == nil)
    #expect(try fixture.call("cluster.get", "rg/web").string("effective.mode") == "IPTABLES")
  }

  @Test("after another boot the wait ends too, and not only once the clock has caught up with the log")
  func reboot() throws {
    try recordAhead()
    try fixture.call("cluster.update", "rg/web", Self.armed)
    try fixture.close()
    fixture.clock.reboot(after: 10)
    try fixture.open()
    #expect(try fixture.revertDue(after: 30) ?? 0 > 0)
    #expect(try fixture.revertDue(after: 31) == nil)
    #expect(try fixture.call("cluster.get", "rg/web").string("effective.mode") == "IPTABLES")
  }

  @Test("a registration settles in its time after the clock was ahead, one that was asked for then as well")
  func settle() throws {
    try fixture.reopen(settle: 30)
    fixture.clock.setWall(by: Self.fiveYears)
    try fixture.call("feature.register", "Microsoft.Compute/Fast")
    fixture.clock.setWall(by: -Self.fiveYears)
    try fixture.call("feature.register", "Microsoft.Compute/Slow")
    #expect(try fixture.settle(after: 29) != nil)
    #expect(try fixture.settle(after: 2) == nil)
    for name in ["Fast", "Slow"] {
      #expect(try fixture.call("feature.get", "Microsoft.Compute/\(name)").string("state") == "Registered")
    }
  }

  @Test("a revert is not stamped before its deadline, whatever the wall clock says when the boot clock ends the wait")
  func revert() throws {
    let seq = try fixture.record("cluster.update", "rg/web", Self.armed)
    fixture.clock.setWall(by: -3)
    #expect(try fixture.revertDue(after: 60) == nil)
    let revert = try fixture.lastSeq(of: "cluster.revert")
    #expect(try time("at", revert) == time("deadline", seq))
  }

  @Test("no deadline is after the year 9999, and a ledger with such a wait opens again")
  func year9999() throws {
    let left = (Timestamp.latest.milliseconds - fixture.clock.now.milliseconds) / 1000
    fixture.clock.setWall(by: left - 10)
    let seq = try fixture.record("cluster.update", "rg/web", Self.armed)
    #expect(try time("deadline", seq) == .latest)
    try fixture.reopen()
    #expect(try fixture.call("cluster.get", "rg/web").string("pendingConfirm.deadline") == "9999-12-31T23:59:59.999Z")
    #expect(try fixture.revertDue(after: 60) == nil)
  }
}
