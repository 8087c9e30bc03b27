// A wall clock that jumps: what changes are stamped with, and when deadlines are due.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import Testing

@Suite("A wall clock that jumps")
struct ClockTests {
  private static let fiveYears = 5 * 365 * 86_400
  private static let armed = #"{"config":{"mode":"NFTABLES"},"confirmWithinSeconds":60}"#

  let fixture: RegistryFixture

  init() throws {
    fixture = try RegistryFixture.ready()
    try fixture.call(
      "cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
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

  @Test("a clock that comes back behind the log's end is said, with both times, until it has passed that end")
  func behind() throws {
    let health = fixture.registry.health
    try recordAhead()
    fixture.registry.lookAtClock()
    let reason = try #require(health.reason(.clockBehind))
    #expect(reason.message.contains("shows 2026-11-18T11:06:40.000Z, and the log ends at 2031-11-17T11:06:40.000Z"))
    #expect(health.status(isLoading: false) == .degraded)
    #expect(try fixture.record("cluster.update", "rg/web", #"{"labels":{"b":"c"}}"#) == fixture.lastSeq)
    fixture.clock.setWall(by: Self.fiveYears)
    fixture.registry.lookAtClock()
    #expect(health.reason(.clockBehind) == nil)
  }

  @Test("a clock that is behind is said at the start too; a correction of two seconds is not")
  func behindAtStart() throws {
    fixture.clock.setWall(by: -2)
    try fixture.reopen()
    #expect(fixture.registry.health.reasons.isEmpty)
    fixture.clock.setWall(by: -1)
    try fixture.reopen()
    #expect(fixture.registry.health.reasons.map(\.code) == [.clockBehind])
  }

  @Test(
    "a clock that shows a time which the log cannot hold stops changes, not reads, and they are taken again once it is set",
    arguments: [-60 * 365 * 86_400, 8000 * 366 * 86_400])
  func invalid(jump: Int) throws {
    let tables = try fixture.tables()
    let start = fixture.clock.now
    fixture.clock.setWall(by: jump)
    for _ in 0..<2 {
      let error = try fixture.refuse("cluster.update", "rg/web", #"{"labels":{"b":"c"}}"#)
      #expect(error.kind == "unavailable")
      #expect(error.message.contains("set the machine's clock"))
    }
    #expect(fixture.registry.health.status(isLoading: false) == .readOnly)
    #expect(fixture.registry.health.reasons.map(\.code) == [.clockInvalid])
    #expect(try fixture.call("cluster.get", "rg/web").int("revision") == 1)
    #expect(try fixture.tables() == tables)
    fixture.clock.setWall(to: start)
    fixture.registry.lookAtClock()
    #expect(fixture.registry.health.reasons.isEmpty)
    try fixture.record("cluster.update", "rg/web", #"{"labels":{"b":"c"}}"#)
  }

  @Test("no deadline is after the year 9999, and a ledger with such a wait opens again")
  func year9999() throws {
    let left = (Timestamp.latest.milliseconds - fixture.clock.now.milliseconds) / 1000
    fixture.clock.setWall(by: left - 10)
    let seq = try fixture.record("cluster.update", "rg/web", Self.armed)
    #expect(try time("deadline", seq) == .latest)
    try fixture.reopen()
    #expect(try fixture.call("cluster.get", "rg/web").string("pendingConfirm.deadline") == "9999-12-31T23:59:59.999Z")
    fixture.clock.setWall(by: -3600)
    #expect(try fixture.revertDue(after: 60) == nil)
    #expect(try time("at", fixture.lastSeq(of: "cluster.revert")) == .latest)
  }
}
