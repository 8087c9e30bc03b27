// A file that another program changed: memory, lists, plans and deadlines are the log's, and health says what differs.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import FairleadWire
import LedgerTestSupport
import Synchronization
import Testing

@Suite("Projections that are not the log's")
struct ProjectionCheckTests {
  let fixture: RegistryFixture

  /// Clusters a to d; d waits to be confirmed.
  init() throws {
    fixture = try .ready()
    for name in ["a", "b", "c", "d"] {
      try fixture.call("cluster.create", "rg/\(name)", #"{"config":{"mode":"IPVS"},"labels":{"env":"prod"}}"#)
    }
    try fixture.call("cluster.update", "rg/d", RegistryFixture.toNFTables)
  }

  /// Changes the file while no daemon runs, and has the next one compare it.
  private func restart(after statement: String) throws {
    try fixture.close()
    try execute(fixture.path, "PRAGMA ignore_check_constraints = ON; " + statement)
    try fixture.open()
    try finishCheck()
  }

  private func finishCheck() throws {
    while try fixture.registry.continueProjectionCheck() {}
    _ = fixture.log.takeLines()
  }

  private var reasons: [HealthReason] { fixture.registry.health.reasons }

  private func names(_ params: String = "{}") throws -> [String] {
    try fixture.call("cluster.list", nil, params).items("items").compactMap { $0.string("name") }
  }

  @Test("nothing is said of a file that nobody changed")
  func same() throws {
    try finishCheck()
    #expect(reasons == [])
  }

  @Test("a row that was changed, removed or added is named, and answers and lists are the log's; changes are taken")
  func clusters() throws {
    let before = try fixture.call("cluster.list").text
    try restart(
      after: """
        INSERT INTO cluster SELECT 'default/rg/bb', subscription, resource_group, 'bb', revision, config, effective, facts,
          labels, created_at, updated_at, updated_seq, deleted, NULL, NULL, NULL, NULL, NULL, NULL FROM cluster WHERE name = 'a';
        UPDATE cluster SET config = '{"mode":"NFTABLES"}', labels = '{}' WHERE name = 'a';
        DELETE FROM cluster WHERE name = 'c';
        """)
    #expect(reasons.map(\.code) == [.projectionDiffers])
    #expect(
      reasons.first?.message.hasPrefix("the row of default/rg/a in the table cluster is not what change ") == true)
    #expect(reasons.first?.remedy.contains("fairleadd --rebuild --database \(fixture.path)") == true)
    #expect(fixture.registry.health.writeBlock == nil)
    #expect(try fixture.call("cluster.get", "rg/a").string("config.mode") == "IPVS")
    #expect(try fixture.call("cluster.get", "rg/c").int("revision") == 1)
    #expect(try fixture.refuse("cluster.get", "rg/bb").kind == "not-found")
    #expect(try fixture.call("cluster.list").text == before)
    for limit in 1...5 {
      var (all, after): ([String], String?) = ([], nil)
      repeat {
        let page = try fixture.call(
          "cluster.list", nil, #"{"limit":\#(limit)\#(after.map { #","after":"\#($0)""# } ?? "")}"#)
        all += page.items("items").compactMap { $0.string("name") }
        after = page.string("after")
      } while after != nil
      #expect(all == ["a", "b", "c", "d"], "\(limit) a page")
    }
    #expect(try names(#"{"labels":{"env":"prod"}}"#) == ["a", "b", "c", "d"])
    // A change writes its cluster's row anew, from the log's state.
    let answer = try fixture.call("cluster.update", "rg/a", #"{"labels":{"x":"y"}}"#)
    #expect(answer.string("cluster.labels.env") == "prod")
    #expect(try fixture.sql("SELECT labels FROM cluster WHERE name = 'a'") == [#"{"env":"prod","x":"y"}"#])
    try finishCheck()
    #expect(reasons.first?.message.contains("default/rg/a") == false)
    try fixture.close()
    _ = try Ledger(path: fixture.path).rebuildProjections()
  }

  @Test("a deadline that was removed from its row still ends, and one that was added does not")
  func deadlines() throws {
    try fixture.call("cluster.update", "rg/a", #"{"config":{"mode":"IPTABLES"}}"#)
    try restart(
      after: """
        UPDATE cluster SET confirm_seq = NULL, confirm_revision = NULL, confirm_restores = NULL, confirm_deadline = NULL,
          confirm_boot = NULL, confirm_boot_deadline = NULL WHERE name = 'd';
        UPDATE cluster SET confirm_seq = 3, confirm_revision = 2, confirm_restores = 1,
          confirm_deadline = '2020-01-01T00:00:00.000Z' WHERE name = 'a';
        """)
    #expect(reasons.map(\.code) == [.projectionDiffers])
    #expect(try fixture.revertDue() == 600)
    #expect(try fixture.revertDue(after: 601) == nil)
    #expect(try fixture.call("cluster.get", "rg/d").string("config.mode") == "IPVS")
    #expect(try fixture.call("cluster.get", "rg/a").int("revision") == 2)
  }

  @Test("memory that was corrected has the deadlines looked at again")
  func wake() throws {
    try fixture.close()
    try execute(fixture.path, "UPDATE cluster SET confirm_deadline = '2999-01-01T00:00:00.000Z' WHERE name = 'd'")
    try fixture.open()
    let calls = Mutex(0)
    fixture.registry.onCorrection { calls.withLock { $0 += 1 } }
    try finishCheck()
    #expect(calls.withLock { $0 } == 1)
  }

  @Test("registrations are the log's, in answers, lists and gates")
  func registrations() throws {
    let before = try fixture.call("feature.list").text
    try restart(after: "UPDATE feature SET state = 'Unregistered', propagated = 0; DELETE FROM provider")
    #expect(reasons.map(\.code) == [.projectionDiffers])
    #expect(try fixture.call("feature.list").text == before)
    #expect(try fixture.call("provider.get", RegistryFixture.provider).string("state") == "Registered")
    #expect(try fixture.call("cluster.update", "rg/a", #"{"config":{"mode":"NFTABLES"}}"#).seq != nil)
  }

  @Test("the plan of a registration counts and names the clusters that the log has")
  func registrationPlans() throws {
    func plan() throws -> JSON {
      try fixture.call("provider.unregister", RegistryFixture.provider, #"{"dryRun":true}"#)["report"] ?? .null
    }
    let before = try plan()
    #expect(before.int("affected.clusters") == 4)
    try restart(
      after: """
        UPDATE cluster SET effective = '\(EffectiveConfig.defaults.json.text)' WHERE name = 'b';
        UPDATE cluster SET deleted = 1 WHERE name = 'a'; DELETE FROM cluster WHERE name = 'c'
        """)
    var after = try plan()
    #expect(after["affected"] == before["affected"] && after["findings"] == before["findings"])
    try fixture.call("cluster.delete", "rg/c")
    after = try plan()
    #expect(after.int("affected.clusters") == 3)
  }

  @Test("a foreign trigger refuses changes from the first one on, and says how to remove it")
  func trigger() throws {
    try fixture.close()
    try execute(
      fixture.path, "CREATE TRIGGER evil AFTER INSERT ON change BEGIN UPDATE cluster SET labels = '{}'; END")
    try fixture.open()
    let refusal = try #require(throws: Refusal.self) {
      try ask(fixture.registry, "cluster.update", "rg/a", #"{"labels":{"x":"y"}}"#)
    }
    #expect(refusal.code == .unavailable)
    #expect(refusal.message.hasPrefix("cannot record changes: the trigger evil on change is not Fairlead's"))
    #expect(refusal.message.contains("--rebuild"))
    #expect(fixture.log.takeLines().count == 1)
    #expect(try fixture.call("cluster.get", "rg/a").string("labels.env") == "prod")
  }

  @Test("a schema that lacks an index degrades the daemon")
  func schema() throws {
    try restart(after: "DROP INDEX change_by_kind")
    #expect(reasons.map(\.code) == [.schemaDiffers])
    #expect(reasons.first?.message.contains("the index change_by_kind is missing") == true)
  }
}
