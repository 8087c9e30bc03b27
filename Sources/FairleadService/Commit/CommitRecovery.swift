// What follows a commit that failed: its pages in the WAL are overwritten, or the daemon is read-only until they are.

internal import FairleadModel
internal import FairleadStore

struct CommitRecovery: Sendable {
  let ledger: Ledger
  let health: HealthBoard
  let incidents: IncidentLog

  /// To be called before each batch. Throws where a condition refuses every change. After a commit that failed it tries to
  /// overwrite that again, and throws while this fails.
  func ensureWritable() throws {
    if let block = health.writeBlock { throw Refusal(.unavailable, "\(block.message); \(block.remedy)") }
    guard health.reason(.commitUncertain) != nil else { return }
    try ledger.overwriteFailedCommit()
    health.clear(.commitUncertain)
  }

  /// What every write of a failed batch is refused with. Where the commit is uncertain, it is overwritten first, so that the
  /// refusal is true; if that fails, the daemon becomes read-only and the refusal says that the outcome is unknown.
  func refusal(for error: any Error) -> Refusal {
    guard let uncertain = error as? UncertainCommit else { return incidents.refusal(for: error) }
    do {
      try ledger.overwriteFailedCommit()
      return incidents.refusal(for: uncertain.cause)
    } catch {
      health.raise(
        .commitUncertain, uncertain.cause.message,
        remedy: "changes are taken again once the disk takes them; the next change tries it")
      return Refusal(
        .unavailable,
        uncertain.cause.message
          + "; whether this change is recorded shows once the disk is well: look before you repeat it, "
          + "or repeat it with its requestId")
    }
  }
}
