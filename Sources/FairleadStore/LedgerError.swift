// Why the ledger could not be opened, read or written: a symbol to decide by, and a sentence to show.

package struct LedgerError: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// The file is no SQLite database, or is one of another application.
    case notALedger
    /// A newer daemon wrote it.
    case newerSchema
    /// Another daemon has it open, or another program holds its write lock.
    case inUse
    /// The file or its folder cannot be written.
    case notWritable
    /// The disk has no room.
    case diskFull
    /// The disk, or the system on its behalf, fails to read or write.
    case diskError
    /// Its rows contradict each other, or do not decode.
    case corrupt
    case other
  }

  package let reason: Reason
  /// Starts with "cannot", names the file, and says what to do.
  package let message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}

extension LedgerError: CustomStringConvertible {
  package var description: String { message }
}

/// COMMIT itself failed, or went into a file that is no longer the ledger's. No reader was told of the transaction, but its
/// pages may be in the WAL, where the recovery of a restart
/// would take them for committed. `Ledger.overwriteFailedCommit` removes that doubt.
package struct UncertainCommit: Error, Sendable {
  package let cause: LedgerError
}

/// A row or a record that no daemon writes.
func corrupt(_ detail: String) -> LedgerError {
  LedgerError(.corrupt, "cannot read the database: \(detail); restore it from a backup")
}
