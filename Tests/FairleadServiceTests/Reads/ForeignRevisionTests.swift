// Revisions whose rows another program changed: what is answered and restored is what the log recorded.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadService
import LedgerTestSupport
import Testing

@Suite("Revisions whose rows are not the log's")
struct ForeignRevisionTests {
  let fixture: RegistryFixture

  /// rg/a: IPTABLES, NFTABLES, IPVS.
  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/a", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    for mode in ["NFTABLES", "IPVS"] { try fixture.call("cluster.update", "rg/a", #"{"config":{"mode":"\#(mode)"}}"#) }
  }

  private func change(_ statement: String) throws {
    try execute(
      fixture.path,
      "DROP TRIGGER revision_is_never_rewritten; DROP TRIGGER revision_is_never_removed; PRAGMA ignore_check_constraints = ON; "
        + statement, inTransaction: false)
  }

  @Test(
    "are the log's in history, diff, get and rollback",
    arguments: [
      #"UPDATE revision SET config = '{"enabled":false}', origin = 'import', restores = NULL"#,
      "UPDATE revision SET config = 'no JSON', origin = 'guess'",
      "UPDATE revision SET seq = (SELECT max(seq) FROM change) WHERE revision = 1",
      "UPDATE revision SET seq = 1",
    ])
  func changed(statement: String) throws {
    func answers() throws -> [String] {
      try [
        fixture.call("cluster.history", "rg/a"), fixture.call("cluster.diff", "rg/a", #"{"from":1,"to":2}"#),
        fixture.call("cluster.get", "rg/a", #"{"revision":1}"#),
      ].map(\.text)
    }
    let before = try answers()
    try change(statement)
    #expect(try answers() == before)
    let answer = try fixture.call("cluster.rollback", "rg/a", #"{"toRevision":1,"confirmWithinSeconds":60}"#)
    #expect(answer.string("cluster.config.mode") == "IPTABLES")
    #expect(answer.int("cluster.revision") == 4)
    try fixture.revertDue(after: 61)
    #expect(try fixture.call("cluster.get", "rg/a").string("config.mode") == "IPVS")
  }

  @Test("are restored also where their rows are gone")
  func removed() throws {
    try change("DELETE FROM revision WHERE revision < 3")
    let answer = try fixture.call("cluster.rollback", "rg/a", #"{"toRevision":2}"#)
    #expect(answer.string("cluster.config.mode") == "NFTABLES")
  }

  @Test("that the log does not have are no revisions")
  func added() throws {
    try change(
      "INSERT INTO revision SELECT cluster_key, 4, 3, 'update', config, NULL, seq FROM revision WHERE revision = 3")
    #expect(try fixture.refuse("cluster.rollback", "rg/a", #"{"toRevision":4}"#).kind == "not-found")
  }
}
