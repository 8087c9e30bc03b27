// Migrations: the file of an older daemon is upgraded in place and keeps its content.

import DaemonTestSupport
import FairleadModel
import FairleadStore
import Foundation
import GRDB
import LedgerTestSupport
import Testing

@Suite("Upgrading a ledger")
struct MigrationTests {
  private let log = LogLines()

  /// A ledger as the first version left it: its schema and nothing newer, with the rows that this version writes and the
  /// first knew.
  private func firstVersion() throws -> Scratch {
    let source = try LedgerFixture()
    try source.create("web", labels: ["env": "prod"])
    try source.update("web", mode: .nftables)
    try source.create("other")
    try source.close()
    let folder = try Scratch()
    let script = try migration("0001_ledger.sql")
    let queue = try DatabaseQueue(path: folder.file("fairlead.db"))
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: script)
      try db.execute(sql: "PRAGMA user_version = 1; ATTACH '\(source.path)' AS source")
      for table in ["change", "revision", "cluster", "feature", "provider", "extension"] {
        let names = try db.columns(in: table).map { "\"\($0.name)\"" }.joined(separator: ", ")
        try db.execute(sql: "INSERT INTO main.\(table) (\(names)) SELECT \(names) FROM source.\(table)")
      }
      try db.execute(sql: "DETACH source")
    }
    try queue.close()
    // So that only the upgrade has something to say.
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.file("fairlead.db"))
    return folder
  }

  @Test("A ledger of version 1 is upgraded in place, keeps every record, and supports the new columns")
  func upgrade() throws {
    let folder = try firstVersion()
    let path = folder.file("fairlead.db")
    #expect(try sql(path, "PRAGMA user_version") == ["1"])
    #expect(try sql(path, "SELECT name FROM pragma_table_info('cluster') WHERE name LIKE 'confirm%'").isEmpty)
    let records = try sql(path, "SELECT * FROM change ORDER BY seq")
    #expect(records.count == 3)

    let fixture = try LedgerFixture(at: folder)
    #expect(try fixture.sql("PRAGMA user_version") == ["3"])
    #expect(try fixture.sql("SELECT * FROM change ORDER BY seq") == records)
    #expect(try fixture.sql("PRAGMA integrity_check") == ["ok"])
    #expect(try fixture.sql("PRAGMA foreign_key_check").isEmpty)
    #expect(
      try fixture.sql("SELECT name, mode, confirm_deadline FROM cluster_current ORDER BY name")
        == ["other|IPTABLES|", "web|NFTABLES|"])
    #expect(try fixture.ledger.read { try $0.confirmDeadlines().isEmpty })
    let deadline = LedgerFixture.time.adding(seconds: 60)
    try fixture.update("web", mode: .ipvs) { seq, revision in
      PendingConfirm(seq: seq, revision: revision, restores: revision - 1, deadline: deadline, bootDeadline: nil)
    }
    let due = try fixture.ledger.read { try $0.dueConfirms(Clocks(wall: deadline, boot: nil), limit: 10) }
    #expect(due.map(\.display) == ["rg/web"])
  }

  @Test("An upgrade says that there is no way back, and keeps a whole copy that only its owner may read")
  func copy() throws {
    let folder = try firstVersion()
    let path = folder.file("fairlead.db")
    let before = try tables(path)
    // What a start that was killed left.
    try "half".write(toFile: path + ".schema-1.partial", atomically: false, encoding: .utf8)
    let ledger = try Ledger(path: path, log: log.add)
    try ledger.close()
    #expect(
      log.take() == [
        "migrating \(path) from schema 1 to 3; there is no way back: an older fairleadd refuses it after that",
        "a copy of it as it is now is kept as \(path).schema-1; remove it once you need no way back",
        "migrated \(path) to schema 3",
      ])
    #expect(try tables(path + ".schema-1") == before)
    #expect(try sql(path + ".schema-1", "PRAGMA user_version") == ["1"])
    #expect(try sql(path + ".schema-1", "PRAGMA integrity_check") == ["ok"])
    let attributes = try FileManager.default.attributesOfItem(atPath: path + ".schema-1")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(!FileManager.default.fileExists(atPath: path + ".schema-1.partial"))

    try Ledger(path: path, log: log.add).close()
    #expect(log.take() == [])
  }

  @Test("Where no copy can be kept, the upgrade says so and goes on")
  func noCopy() throws {
    let folder = try firstVersion()
    let path = folder.file("fairlead.db")
    try FileManager.default.createDirectory(atPath: path + ".schema-1.partial", withIntermediateDirectories: false)
    try Ledger(path: path, log: log.add).close()
    let lines = log.take()
    #expect(lines.count == 3)
    #expect(lines[1].hasPrefix("no copy of it is kept: cannot create \(path).schema-1.partial: "))
    #expect(try sql(path, "PRAGMA user_version") == ["3"])
  }

  @Test("A list of one kind of registrations uses the index, in which changes of clusters have no entry")
  func kindIndex() throws {
    let fixture = try LedgerFixture()
    try fixture.create("web")
    let plan = try fixture.sql(
      "EXPLAIN QUERY PLAN SELECT seq, record FROM change WHERE seq > 5 AND cluster_key IS NULL "
        + "AND iif(json_valid(record), json_extract(record, '$.kind'), NULL) = 'extension' ORDER BY seq LIMIT 9")
    #expect(plan.count == 1)
    #expect(plan.first?.hasSuffix("SEARCH change USING INDEX change_by_kind (<expr>=? AND rowid>?)") == true)
    #expect(
      try fixture.sql("SELECT count(*) FROM change INDEXED BY change_by_kind WHERE cluster_key IS NULL") == ["0"])
  }

  @Test("A ledger upgraded from version 1 has the schema of a new one")
  func sameSchema() throws {
    let upgraded = try LedgerFixture(at: firstVersion())
    let fresh = try LedgerFixture()
    let schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    #expect(try upgraded.sql(schema) == fresh.sql(schema))
  }

  @Test(
    "The columns of a pending change are set together, and only on the current revision",
    arguments: [
      "confirm_seq = 1", "confirm_deadline = '2026'",
      "confirm_seq = 1, confirm_revision = 1, confirm_restores = 1, confirm_deadline = '2026'",
      "confirm_seq = 1, confirm_revision = 2, confirm_restores = 1, confirm_deadline = '2026', deleted = 1",
      "confirm_seq = 1, confirm_revision = 1, confirm_restores = 0, confirm_deadline = '2026'",
      "confirm_boot = 'b', confirm_boot_deadline = 1",
      "confirm_seq = 1, confirm_revision = 2, confirm_restores = 1, confirm_deadline = '2026', confirm_boot = 'b'",
    ])
  func checks(columns: String) throws {
    let fixture = try LedgerFixture()
    try fixture.create("web")
    try fixture.update("web", mode: .ipvs)
    #expect(throws: DatabaseError.self) { try execute(fixture.path, "UPDATE cluster SET \(columns)") }
    try execute(
      fixture.path,
      "UPDATE cluster SET confirm_seq = 2, confirm_revision = 2, confirm_restores = 1, confirm_deadline = '2026'")
  }
}
