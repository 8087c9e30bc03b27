// Deadlines that another program wrote into the file: nothing is recorded because of them.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import LedgerTestSupport
import Testing

@Suite("A deadline that is not the log's")
struct ForeignDeadlineTests {
  let fixture: RegistryFixture
  private let lastSeq: Int

  /// rg/a is at revision 2, and nothing waits.
  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/a", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    lastSeq = try fixture.record("cluster.update", "rg/a", #"{"config":{"mode":"IPVS"}}"#)
  }

  private func statement(deadline: String = "2020-01-01T00:00:00.000Z") -> String {
    """
    UPDATE cluster SET confirm_seq = \(lastSeq), confirm_revision = 2, confirm_restores = 1,
      confirm_deadline = '\(deadline)' WHERE name = 'a'
    """
  }

  private func expectNothingReverted(_ location: SourceLocation = #_sourceLocation) throws {
    #expect(fixture.lastSeq == lastSeq, sourceLocation: location)
    #expect(fixture.reverts.takeChanges() == [], sourceLocation: location)
    #expect(fixture.registry.health.reasons.map(\.code) == [.projectionDiffers], sourceLocation: location)
    #expect(fixture.registry.pendingConfirms.count == 0, sourceLocation: location)
    let cluster = try fixture.call("cluster.get", "rg/a")
    #expect(cluster.string("config.mode") == "IPVS" && cluster["pendingConfirm"] == nil, sourceLocation: location)
  }

  @Test("is not believed at a start, before the projections are compared with the log")
  func atStart() throws {
    try fixture.close()
    try execute(fixture.path, statement())
    try fixture.open()
    #expect(fixture.registry.pendingConfirms.count == 1)
    #expect(try fixture.revertDue() == nil)
    try expectNothingReverted()
    _ = fixture.log.takeLines()
  }

  @Test("is not believed by a request or a dry run that meets it either", arguments: ["false", "true"])
  func request(dryRun: String) throws {
    try fixture.close()
    try execute(fixture.path, statement())
    try fixture.open()
    let answer = try fixture.call("cluster.update", "rg/a", #"{"config":{"mode":"IPVS"},"dryRun":\#(dryRun)}"#)
    #expect(answer.strings("report.notes").contains { $0.contains("waits") } == false)
    try expectNothingReverted()
  }

  @Test("is not believed by a daemon that runs, and stops no change")
  func running() throws {
    try execute(fixture.path, statement())
    #expect(try fixture.revertDue() == nil)
    try expectNothingReverted()
    #expect(try fixture.record("cluster.update", "rg/a", #"{"labels":{"x":"y"}}"#) == lastSeq + 1)
    _ = fixture.log.takeLines()
  }

  @Test("that replaces the log's does not end the wait earlier")
  func earlier() throws {
    let armed = try fixture.record(
      "cluster.update", "rg/a", #"{"config":{"mode":"IPTABLES"},"confirmWithinSeconds":600}"#)
    try fixture.close()
    try execute(
      fixture.path,
      "UPDATE cluster SET confirm_restores = 1, confirm_deadline = '2020-01-01T00:00:00.000Z', confirm_boot = NULL, "
        + "confirm_boot_deadline = NULL WHERE name = 'a'")
    try fixture.open()
    #expect(try fixture.revertDue() == 600)
    #expect(fixture.lastSeq == armed)
    #expect(fixture.registry.pendingConfirms.count == 1)
    #expect(try fixture.revertDue(after: 601) == nil)
    #expect(fixture.reverts.takeChanges() == ["\(armed + 1) rg/a"])
    #expect(try fixture.call("cluster.get", "rg/a").string("config.mode") == "IPVS")
  }

  @Test("is counted where the tables of the registrations are damaged")
  func counted() throws {
    try fixture.call("cluster.update", "rg/a", #"{"config":{"mode":"IPTABLES"},"confirmWithinSeconds":600}"#)
    try fixture.close()
    try execute(
      fixture.path, "PRAGMA ignore_check_constraints = ON; UPDATE feature SET state = 'Perhaps'", inTransaction: false)
    try fixture.open()
    #expect(fixture.registry.health.reasons.map(\.code) == [.corrupt])
    #expect(fixture.registry.pendingConfirms.count == 1)
    _ = fixture.log.takeLines()
  }

  @Test("of a registration is not settled")
  func settling() throws {
    try fixture.close()
    try execute(
      fixture.path,
      "UPDATE feature SET state = 'Unregistering', propagated = 0, settle_seq = 1, settle_due_at = '2020-01-01T00:00:00.000Z'"
    )
    try fixture.open()
    #expect(try fixture.settle() == nil)
    #expect(fixture.lastSeq == lastSeq)
    #expect(try fixture.call("feature.get", RegistryFixture.feature).string("state") == "Registered")
  }
}
