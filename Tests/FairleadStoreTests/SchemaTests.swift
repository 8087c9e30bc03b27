// The schema: history cannot be rewritten, and the file identifies itself.

import Crypto
import DaemonTestSupport
import FairleadModel
import FairleadStore
import Foundation
import GRDB
import LedgerTestSupport
import Testing

@Suite("The schema")
struct SchemaTests {
  let fixture: LedgerFixture

  init() throws {
    fixture = try LedgerFixture()
    try fixture.create("web", requestID: "r-1")
    try fixture.update("web", mode: .ipvs)
  }

  @Test(
    "History cannot be rewritten, removed, replaced, or extended with a gap",
    arguments: [
      "UPDATE change SET record = '{}' WHERE seq = 1",
      "UPDATE change SET hash = 'x'",
      "DELETE FROM change WHERE seq = 2",
      "INSERT OR REPLACE INTO change SELECT * FROM change WHERE seq = 2",
      "REPLACE INTO change (seq, at, actor_uid, request_id, record) VALUES (3, '2026', 1000, 'r-1', '{}')",
      "UPDATE OR REPLACE change SET seq = 1 WHERE seq = 2",
      "INSERT INTO change (seq, at, actor_uid, record) VALUES (4, '2026', 0, '{}')",
      "INSERT INTO change (seq, at, actor_uid, record) VALUES (3, '2026', 0, 'no JSON')",
      """
      INSERT INTO change SELECT * FROM change WHERE seq = 2
      ON CONFLICT DO UPDATE SET record = '{}'
      """,
      "UPDATE revision SET config = '{}'",
      "DELETE FROM revision",
      "INSERT OR REPLACE INTO revision SELECT * FROM revision WHERE revision = 2",
      "INSERT INTO revision VALUES ('default/rg/web', 4, 3, 'update', '{}', NULL, 2)",
      "INSERT INTO revision VALUES ('default/rg/web', 3, 1, 'update', '{}', NULL, 2)",
      "INSERT INTO revision VALUES ('default/rg/web', 3, 2, 'delete', '{}', NULL, 2)",
      "INSERT INTO revision VALUES ('default/rg/web', 3, 2, 'update', NULL, NULL, 2)",
      "INSERT INTO revision VALUES ('default/rg/web', 3, 2, 'update', 'no JSON', NULL, 2)",
      "INSERT INTO revision VALUES ('default/rg/web', 3, 2, 'rollback', '{}', 3, 2)",
      "INSERT INTO revision VALUES ('default/rg/web', 3, 2, 'guess', '{}', NULL, 2)",
    ])
  func history(statement: String) throws {
    let tables = try fixture.tables()
    #expect(throws: DatabaseError.self) { try execute(fixture.path, statement) }
    #expect(try fixture.tables() == tables)
  }

  @Test("A valid row is accepted, which shows that the constraints above refuse the others")
  func control() throws {
    try execute(fixture.path, "INSERT INTO change (seq, at, actor_uid, record) VALUES (3, '2026', 0, '{}')")
    try execute(
      fixture.path, "INSERT INTO revision VALUES ('default/rg/web', 3, 2, 'delete', NULL, NULL, 3)")
    #expect(try fixture.sql("SELECT max(seq) FROM change") == ["3"])
  }

  @Test("Every table is strict")
  func strict() throws {
    #expect(
      try fixture.sql(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict"
      )
      .isEmpty)
  }

  @Test("The file has the application id and the schema version")
  func identity() throws {
    #expect(try fixture.sql("PRAGMA application_id") == [String(0x464C_4452)])
    #expect(try fixture.sql("PRAGMA user_version") == ["3"])
    #expect(try fixture.sql("PRAGMA journal_mode") == ["wal"])
    #expect(try fixture.sql("PRAGMA integrity_check") == ["ok"])
    #expect(try fixture.sql("PRAGMA foreign_key_check").isEmpty)
  }

  @Test("The file's header has them as soon as the ledger is open")
  func header() throws {
    let header = try #require(bytes(fixture.path)?.prefix(100))
    #expect(Array(header[60..<64]) == [0, 0, 0, 3])
    #expect(Array(header[68..<72]) == Array("FLDR".utf8))
  }

  /// A shipped migration never changes; a new one gets a line here.
  static let migrations = [
    ("0001_ledger.sql", "6220b67d7b39b391c0af0d7d1a52edc3bcd55c046c4fe0698d92659254bf8a96"),
    ("0002_commit_confirmed.sql", "6a6e3f93ad0bdfbc5588fa3fa4be22235a5a2eec5b840451c0b8f9735cf27428"),
    ("0003_kinds_and_messages.sql", "2342bbb97cceb0125937fd432bd2f53bd9d95a52cf7d101e93805eacdd89a2ce"),
  ]

  @Test("A shipped migration never changes")
  func shipped() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Repository.path("migrations")).filter {
      $0.hasSuffix(".sql")
    }
    #expect(files.sorted() == Self.migrations.map(\.0))
    for (name, hash) in Self.migrations {
      let text = try Data(contentsOf: Repository.root.appending(path: "migrations/\(name)"))
      #expect(SHA256.hash(data: text).map { String(format: "%02x", $0) }.joined() == hash, "\(name)")
    }
  }
}
