// Reads cluster entries directly from their columns: 100,000 of them in a fraction of a second.

internal import ExactJSON
package import FairleadModel
internal import GRDB
internal import GRDBSQLite

extension LedgerReader {
  /// Up to `limit` entries after a key, deleted clusters included, in the order of their folded keys.
  func clusterEntries(
    after folded: String, limit: Int, _ take: (_ folded: String, _ entry: ClusterEntry) -> Void
  ) throws {
    try clusterEntries("WHERE cluster_key > ? ORDER BY cluster_key LIMIT ?", [folded, limit]) { folded, entry in
      take(folded, entry)
      return true
    }
  }

  /// The entry of a cluster, deleted or not.
  package func clusterEntry(_ key: ClusterKey) throws -> ClusterEntry? {
    var entry: ClusterEntry?
    try clusterEntries("WHERE cluster_key = ?", [key.folded]) { _, found in
      entry = found
      return false
    }
    return entry
  }

  /// The entries that a condition selects, until `take` returns that it wants no more.
  ///
  /// The columns hold JSON as the wire encodes it, so the entry's text is concatenated from them: decoding and encoding takes
  /// ten times as long. Columns are read through SQLite's C API, since GRDB's `Row` costs as much again as all the rest.
  func clusterEntries(
    _ condition: String, _ arguments: StatementArguments, _ take: (_ folded: String, _ entry: ClusterEntry) -> Bool
  ) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT cluster_key, subscription, resource_group, name, revision, config, effective, facts, labels, created_at,
          updated_at, updated_seq, deleted, confirm_seq, confirm_revision, confirm_restores, confirm_deadline, confirm_boot,
          confirm_boot_deadline
        FROM cluster \(condition)
        """)
    try statement.setArguments(arguments)
    let row = statement.sqliteStatement
    defer { sqlite3_reset(row) }
    var text: [UInt8] = []
    text.reserveCapacity(1024)
    var code = sqlite3_step(row)
    while code == SQLITE_ROW {
      let pending = try pendingConfirm(row)
      text.removeAll(keepingCapacity: true)
      try write(row, pending, to: &text)
      let wantsMore = take(
        string(row, 0),
        ClusterEntry(
          // A copy without the reserved capacity: entries live as long as the daemon.
          text: Array(text[...]), updatedSeq: Int(sqlite3_column_int64(row, 11)),
          deleted: sqlite3_column_int64(row, 12) != 0, pendingConfirm: pending))
      guard wantsMore else { return }
      code = sqlite3_step(row)
    }
    guard code == SQLITE_DONE else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection)),
        message: String(cString: sqlite3_errmsg(database.sqliteConnection)))
    }
  }

  func allFeatures() throws -> [Feature] { try rows("SELECT * FROM feature", []).map(feature) }
  func allProviders() throws -> [Provider] { try rows("SELECT * FROM provider", []).map(provider) }
  func allExtensions() throws -> [ClientExtension] { try rows("SELECT * FROM extension", []).map(clientExtension) }

  /// Writes `Cluster.json` as text. Names need no escapes: their grammar has neither quotes nor backslashes.
  private func write(_ row: OpaquePointer?, _ pending: PendingConfirm?, to text: inout [UInt8]) throws {
    text.append(UInt8(ascii: "{"))
    let subscription = string(row, 1)
    if subscription != defaultSubscription { text.append(contentsOf: "\"subscription\":\"\(subscription)\",".utf8) }
    func member(_ name: StaticString, _ column: CInt, isText: Bool = false) {
      text.append(UInt8(ascii: "\""))
      text.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
      text.append(contentsOf: isText ? "\":\"".utf8 : "\":".utf8)
      text.append(contentsOf: bytes(row, column))
      text.append(contentsOf: isText ? "\",".utf8 : ",".utf8)
    }
    member("resourceGroup", 2, isText: true)
    member("name", 3, isText: true)
    member("revision", 4)
    member("config", 5)
    member("effective", 6)
    member("facts", 7)
    member("labels", 8)
    member("createdAt", 9, isText: true)
    member("updatedAt", 10, isText: true)
    member("updatedSeq", 11)
    if sqlite3_column_int64(row, 12) != 0 { text.append(contentsOf: "\"deleted\":true,".utf8) }
    if let pending { text.append(contentsOf: "\"pendingConfirm\":\(pending.json.text),".utf8) }
    text[text.count - 1] = UInt8(ascii: "}")
    // A line break that another program wrote into a column would end the protocol's line.
    if text.contains(where: { $0 < 0x20 }) {
      text = try decoding(text) { (json) throws(Refusal) in try Cluster(JSONObjectDecoder(json, allowedKeys: nil)) }
        .json.bytes
    }
  }

  private func pendingConfirm(_ row: OpaquePointer?) throws -> PendingConfirm? {
    guard sqlite3_column_type(row, 13) != SQLITE_NULL else { return nil }
    let boot = sqlite3_column_type(row, 17) == SQLITE_NULL ? nil : string(row, 17)
    return PendingConfirm(
      seq: Int(sqlite3_column_int64(row, 13)), revision: Int(sqlite3_column_int64(row, 14)),
      restores: Int(sqlite3_column_int64(row, 15)), deadline: try timestamp(string(row, 16)),
      bootDeadline: boot.map { BootTime(boot: $0, milliseconds: Int(sqlite3_column_int64(row, 18))) })
  }

  private func string(_ row: OpaquePointer?, _ column: CInt) -> String {
    String(decoding: bytes(row, column), as: UTF8.self)
  }

  /// A column's text, valid until the next step.
  private func bytes(_ row: OpaquePointer?, _ column: CInt) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(row, column)
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, column)))
  }
}
