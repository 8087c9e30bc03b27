// The schema's versions, embedded in the daemon and applied at start.

internal import FairleadModel
internal import GRDB

enum Migrations {
  /// In order; the number of a migration is its place, from 1, and what `user_version` says.
  static let scripts: [[UInt8]] = [
    PackageResources._001_ledger_sql, PackageResources._002_commit_confirmed_sql,
  ]

  static var latest: Int { scripts.count }

  /// Applies what the database lacks, each in a transaction of its own.
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
