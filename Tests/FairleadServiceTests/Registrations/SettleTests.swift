// Settling: steps that become due by themselves, each a change of the daemon's own.

import ExactJSON
import FairleadModel
import Testing

@Suite("Settling")
struct SettleTests {
  let bench: RegistryFixture

  init() throws { bench = try RegistryFixture(settle: 60) }

  @Test("Nothing is due where nothing was asked for")
  func nothing() throws {
    #expect(try bench.settle() == nil)
    #expect(bench.head == 0)
  }

  @Test("A settle is a change by 'system', with a report, and says which request it ends")
  func change() throws {
    try bench.call("feature.register", RegistryFixture.feature)
    try bench.settle(after: 61)
    let change = try bench.call("change.get", nil, #"{"seq":2}"#)
    #expect(change.string("method") == "feature.settle")
    #expect(change.string("kind") == "feature")
    #expect(change.at("actor")?.text == #"{"uid":0,"gid":0,"pid":1,"name":"system"}"#)
    #expect(change.string("at") == "2026-11-18T11:07:41.000Z")
    #expect(change["message"] == .null)
    let report = try bench.call("report.get", nil, #"{"seq":2}"#)
    #expect(report.int("seq") == 2)
    #expect(report.strings("apply").isEmpty)
    #expect(
      try bench.sql("SELECT json_extract(record, '$.params') FROM change WHERE seq = 2") == [#"{"requestedSeq":1}"#])
  }

  @Test("A settle in flight survives a restart, and is taken when it is due", arguments: [0, 60, 3600])
  func restart(settle: Int) throws {
    try bench.call("feature.register", RegistryFixture.feature)
    bench.clock.advance(30)
    try bench.reopen(settle: settle)
    #expect(try bench.settle() == "2026-11-18T11:07:40.000Z")
    #expect(try bench.call("feature.get", RegistryFixture.feature).string("state") == "Registering")
    #expect(try bench.settle(after: 30) == nil)
    #expect(try bench.call("feature.get", RegistryFixture.feature).string("state") == "Registered")
  }

  @Test("What fell due while the daemon was down is taken at its start")
  func late() throws {
    try bench.call("feature.register", RegistryFixture.feature)
    try bench.call("provider.register", RegistryFixture.provider)
    bench.clock.advance(86_400)
    try bench.reopen(settle: 60)
    #expect(try bench.settle() == nil)
    #expect(bench.head == 4)
    #expect(try bench.call("provider.get", RegistryFixture.provider).string("since") == "2026-11-19T11:06:40.000Z")
  }

  @Test("Steps settle in the order of their times, and of one time in the order in which they were asked for")
  func order() throws {
    try bench.call("provider.register", RegistryFixture.provider)
    try bench.call("feature.register", RegistryFixture.feature)
    bench.clock.advance(10)
    try bench.call("feature.register", "Microsoft.Compute/Fast")
    #expect(try bench.settle(after: 55) == "2026-11-18T11:07:50.000Z")
    #expect(try bench.settle(after: 5) == nil)
    #expect(
      try bench.sql("SELECT subject FROM audit_log WHERE method LIKE '%.settle' ORDER BY seq") == [
        RegistryFixture.provider, RegistryFixture.feature, "Microsoft.Compute/Fast",
      ])
  }

  @Test("A change of something else takes what is due along")
  func along() throws {
    try bench.call("feature.register", RegistryFixture.feature)
    bench.clock.advance(60)
    try bench.call("extension.set", "aks-preview")
    #expect(try bench.sql("SELECT method FROM audit_log") == ["feature.register", "feature.settle", "extension.set"])
  }

  @Test("What is due settles before a change that is refused, and stays")
  func refused() throws {
    try bench.call("feature.register", RegistryFixture.feature)
    bench.clock.advance(60)
    try bench.refuse("cluster.delete", "rg/web")
    #expect(try bench.sql("SELECT method FROM audit_log") == ["feature.register", "feature.settle"])
  }

  @Test("A clock that is set back does not reorder the log")
  func clockBack() throws {
    try bench.reopen()
    try bench.call("feature.register", RegistryFixture.feature)
    bench.clock.advance(-3600)
    let answer = try bench.call("provider.register", RegistryFixture.provider)
    #expect(answer.string("provider.state") == "Registered")
    try bench.call("cluster.create", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    #expect(try bench.sql("SELECT DISTINCT at FROM audit_log") == ["2026-11-18T11:06:40.000Z"])
    #expect(try bench.call("cluster.get", "rg/web").string("createdAt") == "2026-11-18T11:06:40.000Z")
  }

  @Test("After the clock was set back, a step with a time waits until the clock is there again")
  func clockBackWithTime() throws {
    try bench.call("feature.register", RegistryFixture.feature)
    bench.clock.advance(-3600)
    #expect(try bench.settle() == "2026-11-18T11:07:40.000Z")
    #expect(try bench.settle(after: 3660) == nil)
    #expect(try bench.sql("SELECT at FROM audit_log") == ["2026-11-18T11:06:40.000Z", "2026-11-18T11:07:40.000Z"])
  }
}
