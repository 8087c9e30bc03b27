// Settling: the second steps of registrations, which the daemon records as changes when they are due.

import ExactJSON
import FairleadModel
import Testing

@Suite("Settling")
struct SettleTests {
  let fixture: RegistryFixture

  init() throws { fixture = try RegistryFixture(settle: 60) }

  @Test("Without a registration nothing is due")
  func nothing() throws {
    let head = fixture.lastSeq
    #expect(try fixture.settle() == nil)
    #expect(fixture.lastSeq == head)
  }

  @Test("A settle is a change by 'system', with a report, and names the request that it completes")
  func change() throws {
    let requested = try fixture.record("feature.register", RegistryFixture.feature)
    try fixture.settle(after: 61)
    let settled = requested + 1
    let change = try fixture.call("change.get", nil, "{\"seq\":\(settled)}")
    #expect(change.string("method") == "feature.settle")
    #expect(change.string("kind") == "feature")
    #expect(change.at("actor")?.text == #"{"uid":0,"gid":0,"pid":1,"name":"system"}"#)
    #expect(change.string("at") == "2026-11-18T11:07:41.000Z")
    #expect(change["message"] == .null)
    let report = try fixture.call("report.get", nil, "{\"seq\":\(settled)}")
    #expect(report.seq == settled)
    #expect(report.strings("apply").isEmpty)
    #expect(
      try fixture.sql("SELECT json_extract(record, '$.params') FROM change WHERE seq = \(settled)")
        == ["{\"requestedSeq\":\(requested)}"])
  }

  @Test("A pending settle survives a restart, and is recorded when it is due", arguments: [0, 60, 3600])
  func restart(settle: Int) throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(30)
    try fixture.reopen(settle: settle)
    #expect(try fixture.settle() == "2026-11-18T11:07:40.000Z")
    #expect(try fixture.call("feature.get", RegistryFixture.feature).string("state") == "Registering")
    #expect(try fixture.settle(after: 30) == nil)
    #expect(try fixture.call("feature.get", RegistryFixture.feature).string("state") == "Registered")
  }

  @Test("A settle that became due while the daemon was down is recorded at its start")
  func late() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    let requested = try fixture.record("provider.register", RegistryFixture.provider)
    fixture.clock.advance(86_400)
    try fixture.reopen(settle: 60)
    #expect(try fixture.settle() == nil)
    #expect(fixture.lastSeq == requested + 2)
    #expect(try fixture.call("provider.get", RegistryFixture.provider).string("since") == "2026-11-19T11:06:40.000Z")
  }

  @Test("Registrations settle in the order of their due times, and those of one time in the order of their requests")
  func order() throws {
    try fixture.call("provider.register", RegistryFixture.provider)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(10)
    try fixture.call("feature.register", "Microsoft.Compute/Fast")
    #expect(try fixture.settle(after: 55) == "2026-11-18T11:07:50.000Z")
    #expect(try fixture.settle(after: 5) == nil)
    #expect(
      try fixture.sql("SELECT subject FROM audit_log WHERE method LIKE '%.settle' ORDER BY seq") == [
        RegistryFixture.provider, RegistryFixture.feature, "Microsoft.Compute/Fast",
      ])
  }

  @Test("A change of another resource records the settles that are due first")
  func along() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(60)
    try fixture.call("extension.set", "aks-preview")
    #expect(try fixture.auditLog("method") == ["feature.register", "feature.settle", "extension.set"])
  }

  @Test("A settle that is recorded before a refused change stays")
  func refused() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(60)
    try fixture.refuse("cluster.delete", "rg/web")
    #expect(try fixture.auditLog("method") == ["feature.register", "feature.settle"])
  }

  @Test("Setting the clock back does not reorder the log")
  func clockBack() throws {
    try fixture.reopen()
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(-3600)
    let answer = try fixture.call("provider.register", RegistryFixture.provider)
    #expect(answer.string("provider.state") == "Registered")
    try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    #expect(try fixture.sql("SELECT DISTINCT at FROM audit_log") == ["2026-11-18T11:06:40.000Z"])
    #expect(try fixture.call("cluster.get", "rg/web").string("createdAt") == "2026-11-18T11:06:40.000Z")
  }

  @Test("After the clock was set back, a settle waits until the clock reaches its due time again")
  func clockBackWithTime() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(-3600)
    #expect(try fixture.settle() == "2026-11-18T11:07:40.000Z")
    #expect(try fixture.settle(after: 3660) == nil)
    #expect(try fixture.auditLog("at") == ["2026-11-18T11:06:40.000Z", "2026-11-18T11:07:40.000Z"])
  }
}
