// Migrations: a file of an older daemon is brought up to date in place, with all that is in it.

import ExactJSON
import FairleadStore
import Foundation
import GRDB
import Testing

@Suite("Upgrading a ledger")
struct MigrationTests {
  /// A ledger as the first version left it: its schema and nothing newer, with the rows that this version writes and the
  /// first knew.
  private func firstVersion() throws -> Folder {
    let source = try RegistryFixture.ready()
    try source.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"},"labels":{"env":"prod"}}"#)
    try source.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"},"message":"faster"}"#)
    try source.call("cluster.create", "rg/gone")
    try source.call("cluster.delete", "rg/gone")
    try source.close()
    let folder = try Folder()
    let script = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../migrations/0001_ledger.sql"), encoding: .utf8)
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

  @Test("A ledger of version 1 is upgraded in place: every record stays, and what is new works on it")
  func upgrade() throws {
    let folder = try firstVersion()
    let path = folder.file("fairlead.db")
    #expect(try sql(path, "PRAGMA user_version") == ["1"])
    #expect(try sql(path, "SELECT name FROM pragma_table_info('cluster') WHERE name LIKE 'confirm%'").isEmpty)
    let records = try sql(path, "SELECT * FROM change ORDER BY seq")
    #expect(records.count == 8)

    let bench = try RegistryFixture(at: folder)
    #expect(try bench.sql("PRAGMA user_version") == ["2"])
    #expect(try bench.sql("SELECT * FROM change ORDER BY seq") == records)
    #expect(try bench.sql("PRAGMA integrity_check") == ["ok"])
    #expect(try bench.sql("PRAGMA foreign_key_check").isEmpty)
    #expect(try bench.sql("SELECT name, mode, confirm_deadline FROM cluster_current") == ["web|NFTABLES|"])
    #expect(try bench.takeBack() == nil)
    let answer = try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    #expect(answer.int("cluster.pendingConfirm.seq") == 9)
    try bench.takeBack(after: 60)
    #expect(try bench.sql("SELECT mode FROM cluster_current") == ["NFTABLES"])
  }

  @Test("A ledger upgraded from version 1 has the schema of a new one")
  func sameSchema() throws {
    let upgraded = try RegistryFixture(at: firstVersion())
    let fresh = try RegistryFixture()
    let schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    #expect(try upgraded.sql(schema) == fresh.sql(schema))
  }

  @Test(
    "What waits to be confirmed stands in all its columns or in none, and only on the revision that is current",
    arguments: [
      "confirm_seq = 5", "confirm_deadline = '2026'",
      "confirm_seq = 5, confirm_revision = 1, confirm_restores = 1, confirm_deadline = '2026'",
      "confirm_seq = 5, confirm_revision = 2, confirm_restores = 1, confirm_deadline = '2026', deleted = 1",
      "confirm_seq = 5, confirm_revision = 1, confirm_restores = 0, confirm_deadline = '2026'",
      "confirm_boot = 'b', confirm_boot_deadline = 1",
      "confirm_seq = 5, confirm_revision = 2, confirm_restores = 1, confirm_deadline = '2026', confirm_boot = 'b'",
    ])
  func checks(columns: String) throws {
    let bench = try RegistryFixture.ready()
    try bench.call("cluster.create", "rg/web")
    try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    #expect(throws: DatabaseError.self) { try execute(bench.path, "UPDATE cluster SET \(columns)") }
    try execute(
      bench.path,
      "UPDATE cluster SET confirm_seq = 6, confirm_revision = 2, confirm_restores = 1, confirm_deadline = '2026'")
  }
}
