// The registry: the service's way in for writes, plans and reads. Each is done elsewhere; this puts the parts together.

package import ExactJSON
package import FairleadImpact
package import FairleadModel
package import FairleadStore

/// Calls are synchronous but for `submit`. Plans and reads never wait for a write.
package final class Registry: Sendable {
  /// Seconds between the request for a registration and its settling.
  package let settleSeconds: Int
  package let databasePath: String
  let published: PublishedState
  let pipeline: CommitPipeline
  let incidents: IncidentLog
  private let clockSource: ClockSource
  private let clockWatch: ClockWatch
  private let changes: ChangeCommand
  private let applies: ApplyCommand
  private let deadlines: DeadlineService
  /// The conditions that a person has to know about.
  package let health: HealthBoard
  private let warmup: WarmupTask
  /// Notices what no request does, once it is started.
  package let monitor: HealthMonitor
  private let projections: ProjectionCheckTask

  /// Reads the current state from the ledger. Where that has many clusters, only the first chunk of them; `startWarmup` reads
  /// the rest. Throws what the ledger throws.
  ///
  /// `system` is the daemon itself, the author of what it settles and reverts. `log` takes what an operator must be able to
  /// find, such as the detail of an incident.
  package init(
    ledger: Ledger, engine: Engine = Engine(), settleSeconds: Int, system: Actor,
    now: @escaping @Sendable () -> Timestamp, bootTime: @escaping @Sendable () -> BootTime?,
    hooks: CommitHooks = CommitHooks(), warmup policy: WarmupPolicy = .standard,
    log: @escaping @Sendable (String) -> Void
  ) throws {
    let incidents = IncidentLog(ledger: ledger, log: log)
    // Before anything is read: what another program commits from here on is noticed.
    let dataVersion = try ledger.dataVersion()
    let (state, rest, damage) = try ledger.read { try $0.currentState(chunk: policy.chunk) }
    // A damaged row must not end the start: what can be read is served, and nothing is written.
    if let damage { incidents.note(damage) }
    ledger.health.report(foreignTriggers: try ledger.read { try $0.foreignTriggers() }, path: ledger.path)
    let published = PublishedState(state, ledger: ledger)
    let cache = DecodedClusterCache()
    let clocks = ClockSource(wall: now, boot: bootTime)
    let planning = PlanningService(engine: engine, settleSeconds: settleSeconds, clocks: clocks)
    let changes = ChangeCommand(planning: planning)
    var fleetPlanning = planning
    fleetPlanning.guesses = false
    let applies = ApplyCommand(planning: fleetPlanning, changes: ChangeCommand(planning: fleetPlanning))
    let progress = CommitProgress()
    let recovery = CommitRecovery(ledger: ledger, health: ledger.health, incidents: incidents, progress: progress)
    let projections = ProjectionCheckTask(ledger: ledger, published: published, incidents: incidents)
    let warmup = WarmupTask(
      policy, first: rest, ledger: ledger, published: published, incidents: incidents,
      onComplete: { projections.start() })
    let clockWatch = ClockWatch(clocks: clocks, health: ledger.health)
    let pipeline = CommitPipeline(
      ledger: ledger, published: published, cache: cache,
      preparer: ChangePreparer(
        changes: changes, applies: applies, registrations: RegistrationDeadlines(planning: planning, system: system),
        confirms: ConfirmDeadlines(planning: planning, system: system, incidents: incidents), clocks: clocks,
        clockWatch: clockWatch, incidents: incidents),
      base: BatchBase(published: published, cache: cache, chunk: policy.chunk, health: ledger.health),
      recovery: recovery,
      checkpoints: CheckpointStage(ledger: ledger, health: ledger.health, progress: progress),
      foreignCommits: ForeignCommits(since: dataVersion, of: ledger) {
        if case .background = policy { projections.startAgain() }
      },
      hooks: hooks, onUncheckedState: { warmup.start() })
    warmup.connect { [weak pipeline] work in pipeline?.runExclusively(work) ?? false }
    projections.connect { [weak pipeline] work in pipeline?.runExclusively(work) ?? false }
    self.settleSeconds = settleSeconds
    databasePath = ledger.path
    self.published = published
    self.pipeline = pipeline
    self.incidents = incidents
    clockSource = clocks
    self.clockWatch = clockWatch
    clockWatch.look(last: state.at)
    // From here on the log's time runs, also while nothing is recorded.
    _ = clocks.clocks(after: state.at)
    self.changes = changes
    self.applies = applies
    deadlines = DeadlineService(
      ledger: ledger, published: published, pipeline: pipeline, clockSource: clocks, system: system,
      incidents: incidents)
    health = ledger.health
    self.warmup = warmup
    monitor = HealthMonitor(ledger: ledger, pipeline: pipeline, now: now)
    self.projections = projections
  }

  /// Refuses further writes, commits those that are queued, and waits for that.
  package func stop() {
    warmup.stop()
    projections.stop()
    monitor.stop()
    pipeline.close()
  }

  // MARK: Writes

  /// Queues a write. Its completion gets the result.
  package func submit(_ write: PendingWrite) { pipeline.submit(write) }

  /// Commits `request`, or plans it if it is a dry run. The result is durable when this returns.
  package func change(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor
  ) throws(Refusal) -> ChangeOutcome {
    if options.dryRun { return try plan(request, options, by: actor) }
    return try pipeline.perform(by: actor, at: clocks) { .change(request, options, $0) }
  }

  /// Commits all changes of `request` together, or plans them if it is a dry run. The result is durable when this returns.
  /// `encode` encodes a result for the wire.
  package func apply(
    _ request: ApplyRequest, by actor: Actor, encode: @escaping @Sendable (ApplyResult) -> JSON
  ) throws(Refusal) -> ApplyOutcome {
    if request.dryRun { return try plan(request, by: actor) }
    switch try pipeline.perform(by: actor, at: clocks, { .apply(request, encode: encode, $0) }) {
    case .new(let outcome): return outcome
    case .repeated(let earlier): return try outcome(of: earlier)
    }
  }

  /// The answer to a request that was recorded before, from the log: some ten microseconds for each of its changes.
  package func outcome(of earlier: PendingWrite.EarlierApply) throws(Refusal) -> ApplyOutcome {
    try incidents.answering {
      try applies.outcome(of: earlier) { seq, limit in
        try published.readFile { try $0.changes(ChangeFilter(), after: seq, limit: limit) }
      }
    }
  }

  // MARK: Plans

  /// What `request` would do. The report says what prevents it.
  package func plan(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor
  ) throws(Refusal) -> ChangeOutcome {
    return try dryRun { try self.changes.dryRun(request, options, by: actor, on: $0) }
  }

  /// The same without ever waiting for the writer: `nil` where an unconfirmed change has to be reverted first.
  package func planNow(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor
  ) throws(Refusal) -> ChangeOutcome? {
    try changes.check(options, of: request)
    return try dryRunNow { try self.changes.dryRun(request, options, by: actor, on: $0) }
  }

  /// What `request` would do.
  package func plan(_ request: ApplyRequest, by actor: Actor) throws(Refusal) -> ApplyOutcome {
    try dryRun(isLong: true) { try self.applies.dryRun(request, by: actor, on: $0) }
  }

  /// The same without ever waiting for the writer: `nil` where an unconfirmed change has to be reverted first.
  package func planNow(_ request: ApplyRequest, by actor: Actor) throws(Refusal) -> ApplyOutcome? {
    try dryRunNow(isLong: true) { try self.applies.dryRun(request, by: actor, on: $0) }
  }

  private func dryRun<Value>(isLong: Bool = false, _ body: (ReadView) throws -> Value) throws(Refusal) -> Value {
    try incidents.answering {
      try deadlines.retryingAfterRevert { try published.withReadView(isLong: isLong, body) }
    }
  }

  private func dryRunNow<Value>(isLong: Bool = false, _ body: (ReadView) throws -> Value) throws(Refusal) -> Value? {
    try incidents.answering {
      do {
        return try published.withReadView(isLong: isLong, body)
      } catch is DeadlinePassed {
        return nil
      }
    }
  }

  // MARK: Deadlines

  /// Both clocks, now, as deadlines go by them.
  package var clocks: Clocks { clockSource.clocks(after: published.state.at) }

  /// Settles every registration that is due, and returns when the next one is; `nil` where none is pending.
  package func settleDue() throws(Refusal) -> Timestamp? { try deadlines.settleDue() }

  /// Reverts everything whose deadline has passed, and returns the milliseconds until the next one; `nil` where none is
  /// pending.
  package func revertDue() throws(Refusal) -> Int? { try deadlines.revertDue() }

  /// How many clusters wait to be confirmed, and the earliest deadline.
  package var pendingConfirms: (count: Int, first: Timestamp?) { published.confirms.summary }

  /// Compares the wall clock with the log's end, and says in health if the log cannot follow it. To be called every second or
  /// so, and before health is answered: it reads a clock and memory.
  package func lookAtClock() { clockWatch.look(last: published.state.at) }

  /// Says whom to tell where a deadline was taken from the log, since its row says something else. Called on the commit thread,
  /// which it must not block.
  package func onCorrection(_ hook: @escaping @Sendable () -> Void) { published.onCorrection(hook) }

  // MARK: Warm-up

  /// Reads the clusters that are not in memory yet in the background, if the policy says so, and then compares the projections
  /// with the log.
  package func startWarmup() { warmup.start() }

  /// Reads the next chunk of them, and returns whether there is more. One thread at a time may call this.
  package func continueWarmup() throws -> Bool { try warmup.step() }

  /// Compares the next rows of the projections with the log, and returns whether there is more. One thread at a time may call
  /// this, once every cluster is in memory.
  package func continueProjectionCheck() throws -> Bool { try projections.step() }

  /// How many clusters have been read, deleted ones included; `nil` once all clusters are in memory.
  package var loadedClusters: Int? { warmup.loadedClusters }
}
