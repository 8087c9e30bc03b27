// Compares the schema of a ledger with the one that the migrations make.

internal import GRDB

/// How the schema of a file differs from that of a ledger.
package struct SchemaDifferences: Sendable, Hashable {
  /// Triggers on the ledger's tables that no migration made, or that were changed. They run within each write.
  package var foreignTriggers: [String] = []
  /// What is missing, changed, or was added to a table of the ledger: `the index change_by_kind is missing`.
  package var others: [String] = []
}

extension LedgerReader {
  /// Triggers on tables of the ledger that no migration made, found without a second database: SQLite keeps the text of a
  /// trigger as it was written.
  package func foreignTriggers() throws -> [String] {
    let scripts = Migrations.scripts.map { String(decoding: $0, as: UTF8.self) }
    return try rows(
      .summary(of: "the schema"),
      "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    ) { (name: try $0.text(), table: try $0.text(), sql: try $0.text()) }
    .filter { trigger in !scripts.contains { $0.contains(trigger.sql) } }.map {
      "\(shown($0.name)) on \(shown($0.table))"
    }
  }

  /// Objects of a user's own, such as a table beside those of the ledger, are no difference.
  package func schemaDifferences() throws -> SchemaDifferences {
    let expected = try SchemaObject.expected()
    let actual = try SchemaObject.all(in: database)
    let tables = Set(expected.filter { $0.type == "table" }.map(\.name))
    var differences = SchemaDifferences(foreignTriggers: try foreignTriggers())
    for object in expected {
      guard let found = actual.first(where: { ($0.type, $0.name) == (object.type, object.name) }) else {
        differences.others.append("the \(object.type) \(object.name) is missing")
        continue
      }
      if found.sql != object.sql, object.type != "trigger" {
        differences.others.append("the \(object.type) \(object.name) is another one")
      }
    }
    for object in actual where object.type == "index" && tables.contains(object.table) {
      guard !expected.contains(where: { $0.name == object.name }) else { continue }
      differences.others.append("the index \(shown(object.name)) on \(shown(object.table)) is not Fairlead's")
    }
    return differences
  }
}

/// A name as it may be shown: an object's name can hold anything.
func shown(_ name: String, spaces: Bool = false) -> String {
  let isPlain = name.utf8.allSatisfy { (0x21..<0x7F).contains($0) || spaces && $0 == 0x20 }
  return isPlain && name.utf8.count <= 300 ? name : "(a name that cannot be shown)"
}

/// A table, index, trigger or view.
struct SchemaObject: Hashable {
  let type: String
  let name: String
  let table: String
  let sql: String

  /// Those that somebody made, and none of SQLite's own.
  static func all(in database: Database) throws -> [SchemaObject] {
    var objects: [SchemaObject] = []
    try database.selectRows(
      .summary(of: "the schema"),
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        + "ORDER BY type, name"
    ) { row in
      objects.append(
        SchemaObject(type: try row.text(), name: try row.text(), table: try row.text(), sql: try row.text()))
      return true
    }
    return objects
  }

  /// What the migrations make.
  static func expected() throws -> [SchemaObject] {
    let queue = try DatabaseQueue()
    defer { try? queue.close() }
    return try queue.writeWithoutTransaction { database in
      for script in Migrations.scripts { try database.execute(sql: String(decoding: script, as: UTF8.self)) }
      return try all(in: database)
    }
  }
}
