// Counts what SQLite does for a read, which is the same on every machine.

import GRDB
import GRDBSQLite

@testable import FairleadStore

extension LedgerFixture {
  /// The steps that SQLite's virtual machine takes for the statements of `body`: a few for each row that is looked at.
  func steps(_ body: (LedgerReader) throws -> Void) throws -> Int {
    try ledger.read { reader in
      let connection = reader.database.sqliteConnection
      /// Those of all statements since the last call.
      func take() -> Int {
        var sum = 0
        var statement = sqlite3_next_stmt(connection, nil)
        while let current = statement {
          sum += Int(sqlite3_stmt_status(current, SQLITE_STMTSTATUS_VM_STEP, 1))
          statement = sqlite3_next_stmt(connection, current)
        }
        return sum
      }
      _ = take()
      try body(reader)
      return take()
    }
  }
}
