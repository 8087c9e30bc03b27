// The schema's migrations, embedded in the daemon and applied when it opens a ledger.

internal import FairleadModel
internal import GRDB

/// Numbered by `user_version` and not with GRDB's migrator: `DatabaseHeader` reads the version before SQLite opens the file,
/// and an auditor finds no bookkeeping table of a library in it.
enum Migrations {
  /// In order. A migration's number is its position, from 1; `user_version` is the number of the last one applied.
  static let scripts: [[UInt8]] = [
    PackageResources._001_ledger_sql, PackageResources._002_commit_confirmed_sql,
  ]

  static var latest: Int { scripts.count }

  /// Applies the migrations that the database lacks, each in its own transaction.
  static func apply(to pool: DatabasePool) throws {
    let current = try pool.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
    for (index, script) in scripts.enumerated() where index >= current {
      try pool.write { db in
        try db.execute(sql: String(decoding: script, as: UTF8.self))
        try db.execute(sql: "PRAGMA user_version = \(index + 1)")
      }
    }
  }
}
