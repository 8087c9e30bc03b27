// SQLite alone: the rows of a change written by one thread without a daemon, a plan or a report.

internal import LoadGenerator
internal import LinuxSupport
internal import GRDBSQLite

/// A copy of a ledger to which the rows of its last change are added again and again.
final class SQLiteFloor {
  private var connection: OpaquePointer?
  private var statements: [OpaquePointer?] = []
  private var seq: Int64 = 0
  private var revisions: [(key: String, revision: Int64)] = []
  private var last: [String] = []

  /// Opens the ledger at `path` as the daemon does.
  init(_ path: String) throws {
    guard sqlite3_open(path, &connection) == SQLITE_OK else { throw BenchError("SQLite cannot open \(path)") }
    try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
    seq = Int64(try rows("SELECT max(seq) FROM change")[0][0]) ?? 0
    last = try rows("SELECT at, record FROM change ORDER BY seq DESC LIMIT 1")[0]
    last += try rows("SELECT config, effective FROM cluster ORDER BY updated_seq DESC LIMIT 1")[0]
    revisions = try rows("SELECT cluster_key, revision FROM cluster").map { ($0[0], Int64($0[1]) ?? 0) }
    statements = try [
      "INSERT INTO change (seq, at, cluster_key, actor_uid, record) VALUES (?, ?, ?, 0, ?)",
      "INSERT INTO revision (cluster_key, revision, base_revision, origin, config, seq) VALUES (?, ?, ?, 'update', ?, ?)",
      "UPDATE cluster SET revision = ?, config = ?, effective = ?, updated_at = ?, updated_seq = ? WHERE cluster_key = ?",
    ].map(prepare)
  }

  deinit {
    for statement in statements { sqlite3_finalize(statement) }
    sqlite3_close(connection)
  }

  /// The record of the last change.
  var record: String { last[1] }

  /// Writes changes for some seconds, `group` in each transaction.
  /// - Returns: changes per second, and the times of the transactions.
  func measure(group: Int, seconds: Double, _ interruption: Interruption) throws -> (perSecond: Double, Latencies) {
    var latencies = Latencies()
    let start = monotonicNanoseconds()
    var now = start
    while now - start < Int(seconds * 1e9) {
      try interruption.check()
      let before = now
      try execute("BEGIN IMMEDIATE")
      for _ in 0..<group { try append() }
      try execute("COMMIT")
      now = monotonicNanoseconds()
      latencies.record(now - before)
    }
    return (Double(latencies.count * group) * 1e9 / Double(now - start), latencies)
  }

  private func append() throws {
    seq += 1
    let place = Int(seq) % revisions.count
    revisions[place].revision += 1
    let (key, revision) = revisions[place]
    try step(statements[0], [.number(seq), .text(last[0]), .text(key), .text(last[1])])
    try step(statements[1], [.text(key), .number(revision), .number(revision - 1), .text(last[2]), .number(seq)])
    try step(
      statements[2],
      [.number(revision), .text(last[2]), .text(last[3]), .text(last[0]), .number(seq), .text(key)])
  }

  private enum Value {
    case number(Int64)
    case text(String)
  }

  private func step(_ statement: OpaquePointer?, _ values: [Value]) throws {
    // SQLITE_TRANSIENT: SQLite copies the text, which does not outlive the call.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (index, value) in values.enumerated() {
      switch value {
      case .number(let number): sqlite3_bind_int64(statement, Int32(index + 1), number)
      case .text(let text): sqlite3_bind_text(statement, Int32(index + 1), text, -1, copied)
      }
    }
    guard sqlite3_step(statement) == SQLITE_DONE, sqlite3_reset(statement) == SQLITE_OK else { throw failure }
  }

  private func prepare(_ sql: String) throws -> OpaquePointer? {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else { throw failure }
    return statement
  }

  private func execute(_ sql: String) throws {
    guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  private func rows(_ sql: String) throws -> [[String]] {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { column in
          sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
        })
    }
    guard !rows.isEmpty else { throw BenchError("the ledger has no rows for: \(sql)") }
    return rows
  }

  private var failure: BenchError { BenchError("SQLite: \(String(cString: sqlite3_errmsg(connection)))") }
}
