// Projections against the log: each kind of difference is found, and a rebuild removes it.

import DaemonTestSupport
import FairleadModel
import LedgerTestSupport
import Testing

@testable import FairleadStore

@Suite("Projections and the log")
struct RebuildTests {
  let fixture: LedgerFixture

  init() throws {
    fixture = try LedgerFixture()
    for name in ["a", "b", "c"] { try fixture.create(name, labels: ["env": "prod"]) }
    try fixture.update("b", mode: .ipvs) { seq, revision in
      PendingConfirm(
        seq: seq, revision: revision, restores: revision - 1, deadline: LedgerFixture.time.adding(seconds: 60),
        bootDeadline: BootTime(boot: "boot", milliseconds: 9))
    }
  }

  private func differences(chunk: Int = 2) throws -> [String] {
    var check = ProjectionCheck()
    while try fixture.ledger.read({ try check.step(chunk, from: $0) }) {}
    return check.differences.map { "\($0.row) \($0.what)" }
  }

  @Test("nothing differs in a ledger that nobody else wrote to, whatever the chunk", arguments: [1, 2, 3, 100])
  func same(chunk: Int) throws {
    #expect(try differences(chunk: chunk) == [])
    #expect(try fixture.ledger.read { try $0.schemaDifferences() } == SchemaDifferences())
    let before = try fixture.tables()
    #expect(try fixture.ledger.rebuildProjections() == RebuildResult(changes: 4))
    #expect(try fixture.tables() == before)
  }

  static let edits: [(statement: String, found: [String])] = [
    (
      "UPDATE cluster SET labels = '{}' WHERE name = 'a'",
      ["the row of default/rg/a in the table cluster is not what change 1 recorded"]
    ),
    (
      "UPDATE cluster SET updated_seq = 1 WHERE name = 'c'",
      ["the row of default/rg/c in the table cluster is not what change 3 recorded"]
    ),
    (
      "UPDATE cluster SET confirm_boot_deadline = 8 WHERE name = 'b'",
      ["the row of default/rg/b in the table cluster is not what change 4 recorded"]
    ),
    (
      "DELETE FROM cluster WHERE name = 'c'",
      ["the row of default/rg/c in the table cluster is missing; change 3 recorded it"]
    ),
    (
      """
      INSERT INTO cluster SELECT 'default/rg/x', subscription, resource_group, 'x', revision, config, effective, facts, labels,
        created_at, updated_at, updated_seq, deleted, NULL, NULL, NULL, NULL, NULL, NULL FROM cluster WHERE name = 'a'
      """, ["the row of default/rg/x in the table cluster stands for nothing that the log has"]
    ),
    (
      "DROP TRIGGER revision_is_never_rewritten; UPDATE revision SET config = '{\"mode\":\"NFTABLES\"}' WHERE revision = 2",
      ["the newest revision of default/rg/b in the table revision is not what the log recorded"]
    ),
    (
      "INSERT INTO extension VALUES ('x', 'x', '1', '2026-11-30T00:00:00.000Z', 1)",
      ["the row of x in the table extension stands for nothing that the log has"]
    ),
  ]

  @Test(
    "a row that another program changed, removed or added is found, and a rebuild makes it what it was",
    arguments: edits)
  func edited(statement: String, found: [String]) throws {
    let before = try fixture.tables()
    try execute(fixture.path, statement)
    for chunk in [1, 2, 100] {
      let differences = try differences(chunk: chunk)
      #expect(
        Array(differences.filter { found.contains($0) }) == found && differences.count <= found.count, "\(differences)")
    }
    let result = try fixture.ledger.rebuildProjections()
    #expect(result.tables.count == 1)
    #expect(try fixture.tables() == before)
    #expect(try differences() == [])
    #expect(try fixture.ledger.read { try $0.schemaDifferences() } == SchemaDifferences())
  }

  @Test("a foreign trigger, and a schema that is another one, are found and named, and a rebuild mends them")
  func schema() throws {
    let schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
    let before = try fixture.sql(schema)
    try execute(
      fixture.path,
      """
      CREATE TABLE mine (x); CREATE TRIGGER on_mine AFTER INSERT ON mine BEGIN SELECT 1; END;
      DROP TABLE mine;
      CREATE TRIGGER evil AFTER INSERT ON change BEGIN UPDATE cluster SET labels = '{}'; END;
      DROP TRIGGER change_is_dense; DROP INDEX change_by_kind; CREATE INDEX slow ON cluster (name);
      DROP VIEW cluster_current; CREATE VIEW cluster_current AS SELECT 1 AS x;
      """)
    let found = try fixture.ledger.read { try $0.schemaDifferences() }
    #expect(found.foreignTriggers == ["evil on change"])
    #expect(
      found.others == [
        "the index change_by_kind is missing", "the trigger change_is_dense is missing",
        "the view cluster_current is another one",
        "the index slow on cluster is not Fairlead's",
      ])
    let result = try fixture.ledger.rebuildProjections()
    #expect(result.schema.contains("removed the trigger evil on change"))
    #expect(try fixture.sql(schema) == before)
    #expect(try fixture.ledger.read { try $0.schemaDifferences() } == SchemaDifferences())
  }

  @Test("a rebuild leaves somebody's own table that refers to the ledger's rows as it is")
  func foreignTable() throws {
    try execute(
      fixture.path,
      """
      CREATE TABLE note (cluster_key TEXT REFERENCES cluster (cluster_key) ON DELETE CASCADE, text TEXT);
      INSERT INTO note SELECT cluster_key, 'mine' FROM cluster;
      UPDATE cluster SET labels = '{}' WHERE name = 'a';
      """)
    let before = try fixture.sql("SELECT * FROM note ORDER BY 1")
    #expect(try fixture.ledger.rebuildProjections().tables.map(\.name) == ["cluster"])
    #expect(try fixture.sql("SELECT * FROM note ORDER BY 1") == before)
    #expect(before.count == 3)
    #expect(try differences() == [])
    #expect(try fixture.ledger.write { try $0.reader.database.number("PRAGMA foreign_keys") } == 1)
  }

  @Test("a log whose changes contradict each other is not rebuilt from")
  func contradiction() throws {
    try execute(
      fixture.path,
      """
      DROP TRIGGER change_is_never_rewritten;
      UPDATE change SET record = json_set(record, '$.effects.revision.revision', 1, '$.effects.cluster.revision', 1,
        '$.effects.cluster.pendingConfirm', json('null')) WHERE seq = 4
      """)
    let before = try fixture.tables()
    let error = #expect(throws: LedgerError.self) { try fixture.ledger.rebuildProjections() }
    #expect(error?.message.hasPrefix("cannot read change 4: it contradicts those before it") == true)
    #expect(try fixture.tables() == before)
  }

  @Test("a rebuild of a damaged log names the change, and leaves the file as it was")
  func damagedLog() throws {
    try execute(
      fixture.path, "DROP TRIGGER change_is_never_rewritten; UPDATE change SET record = '{}' WHERE seq = 2")
    try execute(fixture.path, "UPDATE cluster SET labels = '{}' WHERE name = 'a'")
    let before = try fixture.tables()
    let error = #expect(throws: LedgerError.self) { try fixture.ledger.rebuildProjections() }
    #expect(error?.message.hasPrefix("cannot read change 2: ") == true)
    #expect(try fixture.tables() == before)
  }
}
