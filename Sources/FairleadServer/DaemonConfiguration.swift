// What a daemon is started with.

internal import FairleadModel
package import FairleadService

/// The daemon's socket, database and options.
package struct DaemonConfiguration: Sendable {
  package var socket: String
  package var database: String
  /// Whether a new ledger may be made where traces of an earlier one are.
  package var mayReplaceLostLedger: Bool
  /// Seconds between the request for a registration and its settling.
  package var settleSeconds: Int
  /// The program to run after each revert; an absolute path.
  package var execOnRevert: String?
  /// How the clusters of a large ledger are loaded into memory.
  package var warmup: WarmupPolicy
  /// Bytes that all connections together may have the daemon keep; tests set less.
  var memoryBytes = Limits.memoryBytes
  /// Called by a worker before each step; tests hold workers up with it.
  var beforeStep: @Sendable (Work.Lane) -> Void = { _ in }
  /// What the faulty daemon of the tests does wrong; nothing in every daemon that is used.
  package var faults = FaultHooks()

  package init(
    socket: String, database: String, mayReplaceLostLedger: Bool = false, settleSeconds: Int = 0,
    execOnRevert: String? = nil,
    warmup: WarmupPolicy = .standard
  ) {
    self.socket = socket
    self.database = database
    self.mayReplaceLostLedger = mayReplaceLostLedger
    self.settleSeconds = settleSeconds
    self.execOnRevert = execOnRevert
    self.warmup = warmup
  }
}

/// Places where the faulty daemon of the tests does something wrong, for the history checker to notice.
package struct FaultHooks: Sendable {
  /// See `CommitHooks.beforeCommit`.
  package var beforeCommit: @Sendable (WrittenBatch) -> Void = { _ in }
  /// Whether watches get the change of this number.
  package var showsToWatches: @Sendable (_ seq: Int) -> Bool = { _ in true }

  package init() {}
}
