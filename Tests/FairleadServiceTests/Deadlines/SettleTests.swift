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

  // MARK: More than one batch may have

  /// Requests registrations of many features, all due at one time, and returns their names in the order of the requests.
  private func requestMany(_ count: Int) throws -> [String] {
    let names = (1...count).map { "Microsoft.Compute/F\($0)" }
    for name in names { try fixture.call("feature.register", name) }
    return names
  }

  private func settled() throws -> [String] {
    try fixture.sql("SELECT subject FROM audit_log WHERE method LIKE '%.settle' ORDER BY seq")
  }

  @Test(
    "Of many steps that are due a batch records a hundred, the earliest first, and the timer the rest in the next ones")
  func many() throws {
    let names = try requestMany(250)
    fixture.clock.advance(1)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(60)
    let extensions = (1...5).map { "x\($0)" }
    for name in extensions { try fixture.call("extension.set", name) }
    // Each of these was a batch of its own.
    #expect(try settled() == names + [RegistryFixture.feature])
    #expect(
      try fixture.sql(
        "SELECT seq - (SELECT min(seq) FROM audit_log WHERE method LIKE '%.settle') FROM audit_log "
          + "WHERE method = 'extension.set' ORDER BY seq LIMIT 3") == ["100", "201", "253"])
  }

  @Test("The timer goes on until nothing is due, and says when the next step is")
  func manyByTimer() throws {
    let names = try requestMany(250)
    fixture.clock.advance(1)
    try fixture.call("feature.register", RegistryFixture.feature)
    #expect(try fixture.settle(after: 59) == "2026-11-18T11:07:41.000Z")
    #expect(try settled() == names)
    #expect(try fixture.settle(after: 1) == nil)
    #expect(try settled() == names + [RegistryFixture.feature])
  }

  @Test("A change is judged by what was due before it, also where that is more than a batch may have")
  func manyBeforeAChange() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.settle(after: 60)
    let names = try requestMany(150)
    fixture.clock.advance(1)
    try fixture.call("provider.register", RegistryFixture.provider)
    fixture.clock.advance(60)
    // The provider's step, which opens the gate, is the last one that is due.
    let created = try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    #expect(created.int("revision") == 1)
    let first = [RegistryFixture.feature] + names.prefix(100) + [RegistryFixture.provider]
    #expect(try settled() == first)
    #expect(try fixture.settle() == nil)
    #expect(try settled() == first + names.dropFirst(100))
  }

  @Test("An apply, a feature and a provider are judged by it as well")
  func manyBeforeOthers() throws {
    let names = try requestMany(350)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(60)
    let apply = #"{"changes":[{"method":"cluster.create","params":{"resourceGroup":"rg","name":"web"}}]}"#
    try fixture.call("cluster.apply", nil, apply)
    var expected = Array(names.prefix(100)) + [RegistryFixture.feature]
    #expect(try settled() == expected)
    // The last one is registered by now.
    let again = try fixture.call("feature.register", names[349])
    #expect(again["seq"] == .null)
    #expect(again.string("feature.state") == "Registered")
    expected += Array(names[100..<200]) + [names[349]]
    #expect(try settled() == expected)
    // All features of a provider are part of what it is judged by.
    let provider = try fixture.call("provider.register", "Microsoft.Compute")
    #expect(!provider.strings("report.notes").contains { $0.contains("still Registering") })
    #expect(try settled() == expected + names[200..<349])
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
