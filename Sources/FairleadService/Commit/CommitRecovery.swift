// What follows a commit that failed: its pages in the WAL are overwritten, or the daemon is read-only until they are, and health
// says why no change is taken.

internal import FairleadModel
internal import FairleadStore

/// Used on the commit stage.
struct CommitRecovery: Sendable {
  let ledger: Ledger
  let health: HealthBoard
  let incidents: IncidentLog
  let progress: CommitProgress

  /// To be called before each batch. Throws where a condition refuses every change. After a commit that failed it tries to
  /// overwrite that again, and throws while this fails.
  func ensureWritable() throws {
    try ensureUnblocked()
    guard health.reason(.commitUncertain) != nil else { return }
    try overwriteFailedCommit()
    health.clear(.commitUncertain)
  }

  /// Throws where a condition refuses every change. Also to be called before COMMIT: the batch itself may have met damage.
  func ensureUnblocked() throws(Refusal) {
    guard let block = health.writeBlock else { return }
    let what =
      switch block.code {
      case .fileGone, .fileReplaced, .fileTruncated, .walGone, .shmGone: "cannot record changes: \(block.message)"
      default: block.message
      }
    throw Refusal(.unavailable, "\(what); \(block.remedy)")
  }

  /// What every write of a failed batch is refused with. Where the commit is uncertain, it is overwritten first, so that the
  /// refusal is true; if that fails, the daemon becomes read-only and the refusal says that the outcome is unknown.
  func refusal(for error: any Error) -> Refusal {
    guard let uncertain = error as? UncertainCommit else {
      if let cause = ledger.translated(error) as? LedgerError { raise(cause) }
      return incidents.refusal(for: error)
    }
    raise(uncertain.cause)
    let unknown = Refusal(
      .unavailable,
      uncertain.cause.message
        + "; whether this change is recorded shows once the disk is well: look before you repeat it, "
        + "or repeat it with its requestId")
    guard !uncertain.isCommitted else { return unknown }
    do {
      try overwriteFailedCommit()
      return incidents.refusal(for: uncertain.cause)
    } catch {
      health.raise(
        .commitUncertain, uncertain.cause.message,
        remedy: "changes are taken again once the disk takes them, which is tried twice a second and with each change")
      return unknown
    }
  }

  /// A transaction was committed: no other program holds the write lock. If it wrote something, the disk takes commits as well.
  func hasCommitted(wrote: Bool) {
    health.clear(.locked)
    if wrote { for code in Self.failures { health.clear(code) } }
  }

  // MARK: Without another change

  /// Whether commits failed for a reason that may be over.
  var hasFailure: Bool { !ledger.needsRestart && Self.failures.contains { health.reason($0) != nil } }

  /// Tries whether a commit works now, with one that changes nothing.
  func retry() {
    if health.reason(.diskFull) != nil, !ledger.hasRoom { return }
    do {
      try overwriteFailedCommit()
      hasCommitted(wrote: true)
    } catch {
      if let cause = ledger.translated(error) as? LedgerError { raise(cause) }
    }
  }

  private func overwriteFailedCommit() throws {
    progress.enter(.overwriting)
    defer { progress.enter(.resting) }
    try ledger.overwriteFailedCommit()
  }

  private static let failures = [HealthCode.commitUncertain, .notWritable, .diskFull, .diskError]

  private func raise(_ error: LedgerError) {
    // What holds already says why, and that no commit can mend it.
    guard !ledger.needsRestart, health.writeBlock == nil else { return }
    let again = "changes are taken again by themselves"
    switch error.reason {
    case .diskFull: health.raise(.diskFull, error.message, remedy: "\(again) once there is room")
    case .diskError, .readError:
      health.raise(.diskError, error.message, remedy: "\(again) once the disk takes them")
    case .notWritable: health.raise(.notWritable, error.message, remedy: "\(again) once it can be written")
    case .inUse: health.raiseLocked(by: ledger.otherWriter, path: ledger.path)
    // A row was refused; or damage was found, which whoever reads rows reports; or other files are there, which whoever looks at
    // files does.
    case .filesChanged, .notALedger, .newerSchema, .corrupt, .other: break
    }
  }
}

extension HealthBoard {
  /// Says that another program holds the write lock of the ledger at `path`; `nil` where it is not known which.
  func raiseLocked(by program: OtherProgram?, path: String) {
    let name = program?.description ?? "another program"
    raise(
      .locked, "cannot write the database \(path): \(name) holds its write lock",
      remedy: "have \(name) end its transaction, or end it; changes are taken again by themselves once it lets go",
      by: program?.culprit)
  }
}
