// Requests for clusters that are not in memory yet: the answers equal those for loaded clusters.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadService
import FairleadWire
import Foundation
import Testing

@Suite("Requests for a cluster that is not loaded")
struct NotLoadedTests {
  /// Two registries on two copies of one ledger: one has loaded everything, the other nothing but the first cluster.
  private struct Twins {
    let loaded: RegistryFixture
    let unloaded: RegistryFixture

    init() throws {
      let source = try RegistryFixture.ready()
      for name in ["a", "plain", "web"] {
        try source.call("cluster.create", "rg/\(name)", #"{"config":{"mode":"IPVS"}}"#)
      }
      try source.call("cluster.create", "rg/gone")
      try source.call("cluster.delete", "rg/gone")
      try source.call("cluster.update", "rg/web", #"{"config":{"mode":"IPTABLES"},"labels":{"env":"prod"}}"#)
      try source.call("cluster.create", "rg/armed", #"{"config":{"mode":"IPTABLES"}}"#)
      try source.call("cluster.update", "rg/armed", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
      try source.close()
      let copy = try Scratch()
      try FileManager.default.copyItem(atPath: source.path, toPath: copy.file("fairlead.db"))
      loaded = try RegistryFixture(at: source.folder)
      unloaded = try RegistryFixture(unloaded: copy)
      #expect(loaded.registry.loadedClusters == nil)
      #expect(unloaded.registry.loadedClusters == 1)
    }

    func wait(_ seconds: Int) { for fixture in [loaded, unloaded] { fixture.clock.advance(seconds) } }

    /// The answer of both registries, which must be equal: a result or an error.
    @discardableResult
    func ask(_ method: String, _ subject: String? = nil, _ params: String = "{}") throws -> JSON {
      let answers = try [loaded, unloaded].map { fixture in
        do { return try fixture.call(method, subject, params) } catch let refusal as Refusal { return refusal.wireJSON }
      }
      #expect(answers[0].text == answers[1].text)
      return answers[0]
    }

    /// Checks that both ledgers are equal, and that the entries in memory equal the file's.
    func agree() throws {
      #expect(try loaded.tables() == unloaded.tables())
      try unloaded.finishWarmup()
      #expect(unloaded.registry.loadedClusters == nil)
      for name in ["a", "armed", "gone", "nobody", "plain", "web"] { try ask("cluster.get", "rg/\(name)") }
    }
  }

  @Test(
    "a read",
    arguments: [
      ("cluster.get", "rg/web", "{}"), ("cluster.get", "RG/Web", "{}"), ("cluster.get", "rg/armed", "{}"),
      ("cluster.get", "rg/web", #"{"revision":1}"#), ("cluster.history", "rg/web", "{}"),
      ("cluster.diff", "rg/web", "{}"), ("cluster.list", nil, "{}"),
      ("cluster.list", nil, #"{"labels":{"env":"prod"}}"#),
    ])
  func reads(method: String, subject: String?, params: String) throws {
    let twins = try Twins()
    let answer = try twins.ask(method, subject, params)
    #expect(answer.kind == nil)
    try twins.agree()
  }

  @Test("a cluster that never existed or is deleted is not found", arguments: ["rg/nobody", "rg/gone"])
  func notFound(subject: String) throws {
    let twins = try Twins()
    for method in ["cluster.get", "cluster.update", "cluster.delete", "cluster.confirm"] {
      #expect(try twins.ask(method, subject).kind == "not-found")
    }
    try twins.agree()
  }

  @Test(
    "a change, after its plan",
    arguments: [
      ("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#),
      ("cluster.update", "rg/web", #"{"labels":{"a":"b"},"ifRevision":2}"#),
      ("cluster.update", "rg/plain", #"{"config":{"mode":"IPTABLES"},"confirmWithinSeconds":60}"#),
      ("cluster.rollback", "rg/web", "{}"), ("cluster.delete", "rg/plain", "{}"),
      ("cluster.create", "rg/gone", #"{"config":{"mode":"IPVS"}}"#), ("cluster.create", "rg/new", "{}"),
      ("cluster.confirm", "rg/armed", "{}"), ("cluster.rollback", "rg/armed", "{}"),
      (
        "cluster.apply", nil,
        """
        {"changes":[{"method":"cluster.update","params":{"resourceGroup":"rg","name":"web","config":{"mode":"IPVS"}}},\
        {"method":"cluster.delete","params":{"resourceGroup":"rg","name":"plain"}}]}
        """
      ),
    ])
  func changes(method: String, subject: String?, params: String) throws {
    let twins = try Twins()
    let plan = try twins.ask(method, subject, params.dropLast() + (params == "{}" ? "" : ",") + #""dryRun":true}"#)
    #expect(plan.kind == nil)
    #expect(try twins.ask(method, subject, params).seq != nil)
    try twins.agree()
  }

  @Test(
    "a change that is refused",
    arguments: [
      ("cluster.create", "rg/web", "{}", "already-exists"),
      ("cluster.update", "rg/web", #"{"labels":{"a":"b"},"ifRevision":1}"#, "conflict"),
      ("cluster.update", "rg/armed", #"{"config":{"mode":"NFTABLES"}}"#, "conflict"),
      ("cluster.confirm", "rg/web", "{}", "conflict"), ("cluster.rollback", "rg/plain", "{}", "not-found"),
    ])
  func refused(method: String, subject: String, params: String, kind: String) throws {
    let twins = try Twins()
    #expect(try twins.ask(method, subject, params).kind == kind)
    try twins.agree()
  }

  @Test("an overdue revert is recorded first, for a change and for its plan", arguments: [true, false])
  func overdue(dryRun: Bool) throws {
    let twins = try Twins()
    twins.wait(61)
    try twins.ask("cluster.update", "rg/armed", #"{"labels":{"late":"yes"},"dryRun":\#(dryRun)}"#)
    #expect(try twins.ask("cluster.get", "rg/armed").string("effective.mode") == "IPTABLES")
    try twins.agree()
  }

  @Test("a watch sends its changes")
  func watched() throws {
    let fixture = try Twins().unloaded
    let before = fixture.lastSeq
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    let filter = WatchFilter(resourceGroup: "rg", name: "web")
    #expect(try fixture.registry.watched(filter, after: before).changes.map(\.seq) == [before + 1])
    #expect(try fixture.registry.watched(filter, after: 0).changes.allSatisfy { $0.subject == "rg/web" })
  }

  @Test("a random history leaves the same ledger, whether the clusters are loaded or not", arguments: [11, 20_261_124])
  func history(seed: UInt64) throws {
    let fixtures = [try RegistryFixture(), try RegistryFixture(unloaded: Scratch())]
    var refused: [[String: Int]] = []
    for fixture in fixtures {
      var history = RandomHistory(seed: seed)
      try history.run(400, on: fixture)
      refused.append(history.refused)
    }
    #expect(refused[0] == refused[1])
    #expect(try fixtures[0].tables() == fixtures[1].tables())
  }
}
