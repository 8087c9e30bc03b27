// Tells whether another program has committed to the file.

internal import GRDB

extension Ledger {
  /// A number that is another one once another program has committed, and stays the same with the daemon's own commits: SQLite's
  /// data_version of the connection that alone writes (https://sqlite.org/pragma.html#pragma_data_version). To be called between
  /// two transactions, by the thread that writes.
  package func dataVersion() throws -> Int {
    do {
      try ensureReadable()
      return try pool.writeWithoutTransaction { database in
        do { return try LedgerReader(database: database).dataVersion() } catch { throw database.classified(error) }
      }
    } catch {
      throw translated(error)
    }
  }
}

extension LedgerReader {
  /// The same within a write transaction, which no other program's commit can follow until it ends.
  package func dataVersion() throws -> Int { try database.number("PRAGMA data_version") }
}
