// What follows a commit that failed: its pages in the WAL are overwritten, or the daemon is read-only until they are.

internal import FairleadModel
internal import FairleadStore
internal import Synchronization

final class CommitRecovery: Sendable {
  private let ledger: Ledger
  private let incidents: IncidentLog
  private let failure = Mutex<String?>(nil)

  init(ledger: Ledger, incidents: IncidentLog) {
    self.ledger = ledger
    self.incidents = incidents
  }

  /// Why the daemon is read-only; `nil` while it is not.
  var readOnlyReason: String? { failure.withLock { $0 } }

  /// To be called before each batch. In the read-only state it tries to overwrite the failed commit again, and throws while
  /// that fails.
  func ensureWritable() throws {
    guard readOnlyReason != nil else { return }
    try ledger.overwriteFailedCommit()
    failure.withLock { $0 = nil }
    incidents.log("changes are taken again")
  }

  /// What every write of a failed batch is refused with. Where the commit is uncertain, it is overwritten first, so that the
  /// refusal is true; if that fails, the daemon becomes read-only and the refusal says that the outcome is unknown.
  func refusal(for error: any Error) -> Refusal {
    guard let uncertain = error as? UncertainCommit else { return incidents.refusal(for: error) }
    do {
      try ledger.overwriteFailedCommit()
      return incidents.refusal(for: uncertain.cause)
    } catch {
      failure.withLock { $0 = uncertain.cause.message }
      incidents.log("no changes are taken until the disk takes them: \(uncertain.cause.message)")
      return Refusal(
        .unavailable,
        uncertain.cause.message
          + "; whether this change is recorded shows once the disk is well: look before you repeat it, "
          + "or repeat it with its requestId")
    }
  }
}
