// The schema's migrations, embedded in the daemon and applied when it opens a ledger.

internal import FairleadModel
internal import GRDB

/// Numbered by `user_version` and not with GRDB's migrator: `DatabaseHeader` reads the version before SQLite opens the file,
/// and an auditor finds no bookkeeping table of a library in it.
enum Migrations {
  /// In order. A migration's number is its position, from 1; `user_version` is the number of the last one applied.
  static let scripts: [[UInt8]] = [
    PackageResources._001_ledger_sql, PackageResources._002_commit_confirmed_sql,
    PackageResources._003_kinds_and_messages_sql,
  ]

  static var latest: Int { scripts.count }

  /// Applies the migrations that the database lacks, each in its own transaction. Before it migrates an existing ledger it says
  /// so, and keeps a copy beside it where there is room.
  static func apply(to pool: DatabasePool, path: String, log: (String) -> Void) throws {
    let current = try version(of: pool)
    guard current < latest else { return }
    if current > 0 {
      log(
        "migrating \(path) from schema \(current) to \(latest); there is no way back: an older fairleadd refuses it after that"
      )
      UpgradeCopy(of: path, schema: current).keep(pool, log: log)
    }
    for (index, script) in scripts.enumerated() where index >= current {
      try pool.write { db in
        do {
          try db.execute(sql: String(decoding: script, as: UTF8.self))
          try db.execute(sql: "PRAGMA user_version = \(index + 1)")
        } catch {
          throw db.classified(error)
        }
      }
    }
    if current > 0 { log("migrated \(path) to schema \(latest)") }
  }

  private static func version(of pool: DatabasePool) throws -> Int {
    try pool.read { db in
      do { return try db.number("PRAGMA user_version") } catch { throw db.classified(error) }
    }
  }
}
