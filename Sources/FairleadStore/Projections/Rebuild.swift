// Makes every projection anew from the log, in one transaction.

internal import FairleadModel
internal import GRDB
internal import Glibc
internal import LinuxSupport
internal import Synchronization

/// What a rebuild found and changed.
package struct RebuildResult: Sendable, Hashable {
  package struct Table: Sendable, Hashable {
    package let name: String
    /// How many of its rows are not as they were before, and the keys of the first of them.
    package let rows: Int
    package let examples: [String]
  }

  /// Changes of the log that were replayed.
  package var changes = 0
  /// The tables in which a row changed.
  package var tables: [Table] = []
  /// Triggers of others that were removed, and objects of the schema that were made anew.
  package var schema: [String] = []
}

extension Ledger {
  /// Replays the log into empty projections. Removes triggers of others on the ledger's tables, and makes triggers, indexes and
  /// views anew that are missing or changed. Throws where the log itself is damaged, and leaves the file as it was.
  ///
  /// No daemon can run meanwhile, since this ledger has its lock.
  package func rebuildProjections() throws -> RebuildResult {
    // Somebody's own table may refer to rows that are removed and made anew. The projections themselves are checked at the end.
    // The pragma has no effect within a transaction.
    try setForeignKeys(isOn: false)
    let result = Result { try write { writer in try writer.rebuild() } }
    try setForeignKeys(isOn: true)
    return try result.get()
  }

  private func setForeignKeys(isOn: Bool) throws {
    do {
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = \(isOn ? "ON" : "OFF")") }
    } catch {
      throw translated(error)
    }
  }

  /// The changes that were acknowledged once and are not in the log; `nil` where it has all that is known of.
  package var missingChanges: ClosedRange<Int>? { mark.withLock { $0.missing } }

  /// Whether the file at `path` is empty, or holds an SQLite database without a table: a place for a ledger, which opening it
  /// would make. What is no file and what cannot be read is left to the opening, which says more.
  package static func isEmpty(at path: String) -> Bool {
    guard let status = try? FileStatus(path: path), status.kind == .regular else { return false }
    guard status.size > 0 else { return true }
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    guard case .database(let file) = DatabaseHeader.read(descriptor),
      // After a crash the WAL may hold a newer header than the file.
      let header = try? LedgerFile.header(of: path, file: file)
    else { return false }
    return header.isEmpty && header.applicationID == 0 && header.userVersion == 0
  }
}

private struct Projection {
  let table: String
  let key: String

  /// In an order in which they can be emptied: a cluster refers to its revision.
  static let all = [
    Projection(table: "cluster", key: "cluster_key"),
    Projection(table: "revision", key: "cluster_key || ' revision ' || revision"),
    Projection(table: "feature", key: "feature_key"),
    Projection(table: "provider", key: "provider_key"),
    Projection(table: "extension", key: "extension_key"),
  ]
}

extension LedgerWriter {
  private static let page = 256

  fileprivate func rebuild() throws -> RebuildResult {
    var result = RebuildResult()
    let expected = try SchemaObject.expected()
    result.schema = try mendSchema(expected)
    for projection in Projection.all {
      try statement("CREATE TEMP TABLE before_\(projection.table) AS SELECT * FROM main.\(projection.table)")
    }
    // Its triggers refuse to remove a revision. They are made anew below, within the same transaction.
    let guards = expected.filter { $0.type == "trigger" && $0.table == "revision" }
    for guarding in guards { try statement("DROP TRIGGER main.\(guarding.name)") }
    for projection in Projection.all { try statement("DELETE FROM main.\(projection.table)") }
    while true {
      let changes = try reader.changes(ChangeFilter(), after: result.changes, limit: Self.page)
      for change in changes { try replay(change) }
      result.changes += changes.count
      guard changes.count == Self.page else { break }
    }
    for guarding in guards { try statement(guarding.sql) }
    try checkForeignKeys()
    result.tables = try Projection.all.compactMap(differences)
    for projection in Projection.all { try statement("DROP TABLE temp.before_\(projection.table)") }
    return result
  }

  private func replay(_ change: Change) throws {
    do {
      try project(change)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw LedgerError.damage("change \(change.seq): it contradicts those before it", detail: error.message)
    }
  }

  /// Throws where a row refers to what the log does not have.
  private func checkForeignKeys() throws {
    for projection in Projection.all {
      let table = try reader.row(
        .summary(of: "the table \(projection.table)"),
        "SELECT parent FROM pragma_foreign_key_check('\(projection.table)') LIMIT 1"
      ) { try $0.text() }
      guard let table else { continue }
      throw LedgerError(
        .corrupt,
        "cannot rebuild the projections: a row of the table \(projection.table) would refer to a row of the table \(table) "
          + "that the log does not have; restore the database from a backup")
    }
  }

  /// What a rebuild changed in a table; `nil` where it changed nothing.
  private func differences(in projection: Projection) throws -> RebuildResult.Table? {
    let (table, before) = ("main.\(projection.table)", "temp.before_\(projection.table)")
    // Either side of the difference has a changed row, under one key.
    let keys = try reader.rows(
      .summary(of: "the table \(projection.table)"),
      """
      SELECT \(projection.key) AS key FROM (SELECT * FROM \(table) EXCEPT SELECT * FROM \(before))
      UNION SELECT \(projection.key) FROM (SELECT * FROM \(before) EXCEPT SELECT * FROM \(table))
      ORDER BY 1
      """
    ) { shown(try $0.text(), spaces: true) }
    guard !keys.isEmpty else { return nil }
    return RebuildResult.Table(name: projection.table, rows: keys.count, examples: Array(keys.prefix(5)))
  }

  /// Removes triggers that no migration made, and makes what is missing or changed anew, tables excepted. Returns what it did.
  private func mendSchema(_ expected: [SchemaObject]) throws -> [String] {
    var done: [String] = []
    let actual = try SchemaObject.all(in: reader.database)
    let tables = expected.filter { $0.type == "table" }
    for table in tables
    where !actual.contains(where: { ($0.type, $0.name, $0.sql) == ("table", table.name, table.sql) }) {
      throw LedgerError(
        .corrupt,
        "cannot rebuild the projections: the table \(table.name) is not the one that the migrations make; restore the "
          + "database from a backup")
    }
    let names = Set(tables.map(\.name))
    for object in actual where object.type != "table" && !expected.contains(object) {
      let isOurs = names.contains(object.table) || expected.contains { $0.name == object.name }
      guard isOurs else { continue }
      try statement("DROP \(object.type.uppercased()) main.\(quoted(object.name))")
      done.append("removed the \(object.type) \(shown(object.name)) on \(shown(object.table))")
    }
    for object in expected where object.type != "table" && !actual.contains(object) {
      try statement(object.sql)
      done.append("made the \(object.type) \(object.name) anew")
    }
    return done
  }

  private func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

  private func statement(_ sql: String) throws {
    let database = reader.database
    do { try database.execute(sql: sql) } catch { throw database.classified(error) }
  }
}
