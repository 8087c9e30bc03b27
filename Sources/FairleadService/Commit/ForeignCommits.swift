// Notices that another program has committed to the file, and looks at what that may have left.

internal import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Used on the commit stage.
final class ForeignCommits: Sendable {
  private let health: HealthBoard
  private let path: String
  private let version: Mutex<Int>
  /// Called when another program has committed: its rows may be anything.
  private let onForeignCommit: @Sendable () -> Void

  /// `version` is the ledger's data version before anything was read.
  init(since version: Int, of ledger: Ledger, onForeignCommit: @escaping @Sendable () -> Void) {
    self.version = Mutex(version)
    health = ledger.health
    path = ledger.path
    self.onForeignCommit = onForeignCommit
  }

  /// To be called in each transaction before it writes: a trigger of somebody's would run with it. Costs a microsecond.
  func look(in reader: LedgerReader) throws {
    guard note(try reader.dataVersion()) else { return }
    try lookAtTriggers(reader)
  }

  /// The same between two transactions.
  func look(in ledger: Ledger) throws {
    guard note(try ledger.dataVersion()) else { return }
    try ledger.read(lookAtTriggers)
  }

  private func note(_ current: Int) -> Bool {
    version.withLock { version in
      defer { version = current }
      return version != current
    }
  }

  private func lookAtTriggers(_ reader: LedgerReader) throws {
    onForeignCommit()
    health.report(foreignTriggers: try reader.foreignTriggers(), path: path)
  }
}
