// Looks twice a second for what no request would notice: a commit that hangs, another program's lock, a WAL that grows.

// Dispatch is not annotated, but its queues and semaphores may be used from any thread.
@preconcurrency internal import Dispatch
package import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Raises conditions on the health board, and clears them where they are over without another change. It asks the kernel and the
/// memory and never the disk; what has to touch the disk runs on the commit stage, and this thread does not wait for it. So a
/// stuck disk is reported and does not stop the reports.
package final class HealthMonitor: Sendable {
  private struct State {
    var wal = WALHealth()
    /// The count of complete checkpoints at that time.
    var completions = 0
    /// The other program that holds the write lock, since when, by the looks at it.
    var writer: (program: OtherProgram, since: SuspendingClock.Instant)?
    /// The count of commits at the last look into the file for changes of other programs.
    var commits: UInt32?
    /// The same of their checkpoints, after which the database may be another.
    var foreignCheckpoints = 0
    /// Whether the commit stage has not yet done what the last look asked for.
    var isCommitStageAsked = false
    /// The same of what has to be saved from files that have changed.
    var isRescueAsked = false
  }

  private let ledger: Ledger
  private let health: HealthBoard
  private let pipeline: CommitPipeline
  private let now: @Sendable () -> Timestamp
  private let state: Mutex<State>
  private let thread = DispatchQueue(label: "fairlead.health", qos: .utility)
  private let stopped = DispatchSemaphore(value: 0)

  init(ledger: Ledger, pipeline: CommitPipeline, now: @escaping @Sendable () -> Timestamp) {
    self.ledger = ledger
    health = ledger.health
    self.pipeline = pipeline
    self.now = now
    state = Mutex(State(commits: ledger.wal?.commits))
    lookAtWAL()
  }

  /// Looks until `stop`. `checks` are further looks, which must return at once.
  package func start(checks: [@Sendable () -> Void] = []) {
    thread.async {
      while self.stopped.wait(timeout: .now() + HealthLimits.lookInterval) == .timedOut {
        self.look()
        for check in checks { check() }
      }
    }
  }

  /// Looks no more, and waits for the look that is under way. To be called once.
  func stop() {
    stopped.signal()
    thread.sync {}
  }

  /// What the WAL held at the last look.
  package var wal: WALHealth { state.withLock { $0.wal } }

  /// One look at everything.
  func look() {
    lookAtFiles()
    lookAtWriteLock()
    lookAtCommit()
    lookAtWAL()
    askCommitStage()
  }

  // MARK: Parts of a look

  /// Notices that the ledger's files are no longer those that were opened. Saving what is in them waits for the disk.
  private func lookAtFiles() {
    guard ledger.checkFiles() else { return }
    let isWorthIt = state.withLock { state in
      defer { state.isRescueAsked = true }
      return !state.isRescueAsked
    }
    guard isWorthIt else { return }
    let willRun = pipeline.runExclusively { [self] in
      ledger.rescue()
      state.withLock { $0.isRescueAsked = false }
    }
    if !willRun { state.withLock { $0.isRescueAsked = false } }
  }

  private func lookAtWriteLock() {
    guard let program = ledger.otherWriter else {
      state.withLock { $0.writer = nil }
      return health.clear(.locked)
    }
    let since = state.withLock { state in
      if state.writer?.program != program { state.writer = (program, .now) }
      return state.writer?.since ?? .now
    }
    // Another program may write for a moment, as a shell does.
    if SuspendingClock.now - since >= HealthLimits.lockPatience { health.raiseLocked(by: program, path: ledger.path) }
  }

  private func lookAtCommit() {
    let (step, elapsed, rows) = pipeline.progress.now
    guard let patience = step.patience(rows: rows), elapsed >= patience,
      !(step == .waitingForLock && health.reason(.locked) != nil)
    else { return health.clear(.commitStalled) }
    health.raise(
      .commitStalled, "the daemon has been \(step.activity) \(ledger.path) for \(elapsed.components.seconds) s",
      remedy: "look at the disk and at the system's log; what waits is answered once this goes on")
  }

  private func lookAtWAL() {
    let bytes = ledger.walBytes
    guard let frames = ledger.wal else { return }
    let (time, completions) = (now(), pipeline.checkpoints.completions)
    state.withLock { state in
      // What waited at the last look has been moved where a checkpoint was complete since.
      let before = completions == state.completions ? state.wal.since : nil
      state.completions = completions
      let since = frames.waiting == 0 ? nil : before ?? time
      state.wal = WALHealth(bytes: bytes, pages: frames.waiting, since: since)
    }
  }

  /// Has the commit stage try again what failed there, where it may work now, and look for changes of other programs.
  private func askCommitStage() {
    let (commits, foreignCheckpoints) = (ledger.wal?.commits, ledger.foreignCheckpoints)
    let isWorthIt = state.withLock { state in
      guard !state.isCommitStageAsked else { return false }
      let mayHaveChanged = commits != state.commits || foreignCheckpoints != state.foreignCheckpoints
      guard mayHaveChanged || pipeline.isWorthRetrying else { return false }
      (state.commits, state.foreignCheckpoints) = (commits, foreignCheckpoints)
      state.isCommitStageAsked = true
      return true
    }
    guard isWorthIt else { return }
    pipeline.retryBetweenBatches {
      self.state.withLock { $0.isCommitStageAsked = false }
    }
  }
}

extension CommitProgress.Step {
  /// How long nothing may be heard of it, in a batch that has written so many rows.
  func patience(rows: Int) -> Duration? {
    switch self {
    case .resting: nil
    case .waitingForLock: HealthLimits.commitPatience
    case .syncing: HealthLimits.commitPatience + HealthLimits.commitPatiencePerRow * rows
    // A batch is planned meanwhile, of up to some thousand changes, or many pages are moved.
    case .writing, .checkpointing, .overwriting: HealthLimits.workPatience
    }
  }

  fileprivate var activity: String {
    switch self {
    case .resting: "at rest beside"
    case .waitingForLock: "waiting for the write lock of"
    case .writing: "executing a batch in"
    case .syncing: "waiting for the disk to take a commit of"
    case .checkpointing: "moving the write-ahead log into"
    case .overwriting: "overwriting a failed commit of"
    }
  }
}
