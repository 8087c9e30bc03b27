// Why the ledger could not be opened, read or written, as a symbol and a sentence.

package struct LedgerError: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// The file is no SQLite database, or not Fairlead's.
    case notALedger
    /// A newer daemon wrote it.
    case newerSchema
    /// Another daemon has it.
    case inUse
    /// The file, its folder or its disk does not let the daemon write.
    case notWritable
    /// What is in it contradicts itself.
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

/// The commit itself failed: nobody has seen it, and it may yet be on the disk.
package struct UncertainCommit: Error, Sendable {
  package let cause: LedgerError
}
