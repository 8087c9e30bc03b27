// Why the ledger could not be opened, read or written: a symbol to decide by, and a sentence to show.

internal import FairleadModel

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
    /// The files at its paths are no longer those that were opened.
    case filesChanged
    /// The disk has no room.
    case diskFull
    /// The disk, or the system on its behalf, fails to read or write.
    case diskError
    /// Its rows contradict each other, or do not decode.
    case corrupt
    /// The disk reported an error for a read. What is stored may be whole.
    case readError
    case other
  }

  package let reason: Reason
  /// Starts with "cannot", and names the file or the row.
  package let cause: String
  /// What to do, where `cause` does not say it; empty otherwise.
  package let remedy: String
  /// Starts with "cannot", names the file, and says what to do.
  package var message: String { remedy.isEmpty ? cause : "\(cause); \(remedy)" }
  /// More for the log, where there is more. It may quote what is damaged, and is never shown to a client.
  package let detail: String?

  /// Whether `--rebuild` mends it.
  private let isProjection: Bool

  package init(_ reason: Reason, _ cause: String, remedy: String = "", detail: String? = nil) {
    self.init(reason, cause, remedy: remedy, detail: detail, isProjection: false)
  }

  private init(_ reason: Reason, _ cause: String, remedy: String, detail: String?, isProjection: Bool) {
    self.reason = reason
    self.cause = cause
    self.remedy = remedy
    self.detail = detail
    self.isProjection = isProjection
  }

  /// The same with a remedy that names the ledger's file. Rows are read by those who do not know it.
  package func naming(_ path: String) -> LedgerError {
    guard isProjection else { return self }
    return LedgerError(reason, cause, remedy: Self.rebuildRemedy(path), detail: detail, isProjection: true)
  }

  /// The command that makes the projections of a ledger anew.
  package static func rebuildCommand(_ path: String?) -> String {
    var command = "fairleadd --rebuild"
    if let path { command.append(option: "--database", path) }
    return command
  }

  private static func rebuildRemedy(_ path: String?) -> String {
    "stop fairleadd and run \(rebuildCommand(path)), which makes the table anew from the log"
  }

  /// Whether the file is damaged, so that nothing may be written to it any more.
  package var isDamage: Bool { reason == .corrupt || reason == .notALedger }

  /// A row or a record that no daemon writes. `what` names it: `change 17: its record is not JSON`.
  package static func damage(_ what: String, isProjection: Bool = false, detail: String? = nil) -> LedgerError {
    LedgerError(
      .corrupt, "cannot read \(what)",
      remedy: isProjection
        ? rebuildRemedy(nil) : "stop fairleadd and restore the database from a backup",
      detail: detail, isProjection: isProjection)
  }
}

extension LedgerError: CustomStringConvertible {
  package var description: String { message }
}

/// COMMIT itself failed, or went into a file that is no longer the ledger's. No reader was told of the transaction, but its
/// pages may be in the WAL, where the recovery of a restart would take them for committed. `Ledger.overwriteFailedCommit` removes that doubt.
package struct UncertainCommit: Error, Sendable {
  package let cause: LedgerError
  /// Whether COMMIT succeeded, and only the file may be lost. There is nothing to overwrite then.
  package var isCommitted = false
}
