// The state that readers see: the one after the last durable batch, kept consistent with their snapshots of the file.

internal import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Readers take a copy, which never changes; the commit stage publishes the next one.
final class PublishedState: Sendable {
  private let current: Mutex<CurrentState>
  private let ledger: Ledger
  private let attempted = Atomic(0)
  /// What waits to be confirmed; at least as new as the state.
  let confirms = WaitingConfirms()
  private let correctionHook = Mutex<@Sendable () -> Void>({})

  init(_ state: CurrentState, ledger: Ledger) {
    current = Mutex(state)
    self.ledger = ledger
    confirms.update(to: state, [])
  }

  var state: CurrentState { current.withLock { $0 } }

  /// Publishes the state to which `changes` have led, after the clusters of the folded keys `corrected` were taken from the log.
  /// Only the commit stage calls this, so that no batch is lost.
  func publish(_ state: CurrentState, _ changes: [Change] = [], corrected: [String] = []) {
    confirms.update(to: state, changes, corrected: corrected)
    current.withLock { $0 = state }
    if !corrected.isEmpty { reportCorrection() }
  }

  /// Remembers the last change of a batch that is about to be committed.
  func isAttempting(_ seq: Int) { attempted.store(seq, ordering: .relaxed) }

  /// Whether a log that ends with change `seq`, which this state does not have, may be this daemon's own: then a commit succeeded
  /// that was thought to have failed.
  func hasAttempted(_ seq: Int) -> Bool { attempted.load(ordering: .relaxed) == seq }

  /// Says whom to tell, on the commit stage, that something was taken from the log whose row says something else: the deadlines
  /// may be others now.
  func onCorrection(_ hook: @escaping @Sendable () -> Void) { correctionHook.withLock { $0 = hook } }

  func reportCorrection() { correctionHook.withLock { $0 }() }

  /// Runs `body` on a snapshot of the file. What the snapshot has is published before this returns, so that a caller who reads
  /// from the file and then from memory does not go back in time.
  func readFile<Value>(_ body: (LedgerReader) throws -> Value) throws -> Value {
    let (value, lastSeq) = try ledger.read { (try body($0), try $0.logEnd().seq) }
    if lastSeq > state.seq { ledger.waitForPublication() }
    return value
  }

  /// Runs `body` on the published state together with a snapshot of the file that is at least as new. Where that takes long, each
  /// read of it has a snapshot of its own, so that no WAL checkpoint waits for the whole.
  func withReadView<Value>(isLong: Bool = false, _ body: (ReadView) throws -> Value) throws -> Value {
    let state = state
    // Clusters that are not in memory yet have to be read as they were with the state.
    if isLong, state.isComplete {
      return try body(
        ReadView(state: state, history: SeparateReads(ledger: ledger, seq: state.seq), overdue: .isReported))
    }
    while true {
      let published = state.seq
      let result: Result<Value, any Error>? = try ledger.read { reader in
        let lastSeq = try reader.logEnd().seq
        // A snapshot that is taken now has everything that is published.
        guard lastSeq >= published else { throw LedgerError.shortLog(endingWith: lastSeq, recorded: published) }
        if lastSeq > state.seq { ledger.waitForPublication() }
        let state = state
        // A batch that was published since the snapshot was taken has history that the snapshot lacks.
        guard state.seq <= lastSeq else { return nil }
        return Result { try body(ReadView(state: state, history: reader, overdue: .isReported)) }
      }
      if let result { return try result.get() }
    }
  }
}

/// Reads, each on a snapshot of its own that is at least as new as change `seq`.
private struct SeparateReads: LedgerReading {
  let ledger: Ledger
  let seq: Int

  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
    try ledger.read { reader in
      let lastSeq = try reader.logEnd().seq
      guard lastSeq >= seq else { throw LedgerError.shortLog(endingWith: lastSeq, recorded: seq) }
      return try body(reader)
    }
  }
}
