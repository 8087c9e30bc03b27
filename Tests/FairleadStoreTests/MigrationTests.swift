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
    #expect(try fixture.sql("PRAGMA user_version") == ["2"])
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
