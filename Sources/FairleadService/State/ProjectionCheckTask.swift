// Compares the projections and the schema with the log, a chunk at a time, behind a daemon that already serves.

// Dispatch is not annotated, but its queues may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import FairleadStore
internal import Synchronization

final class ProjectionCheckTask: Sendable {
  /// Rows of one short read: it takes some milliseconds of one of the few reader connections.
  private static let chunk = 128

  private struct Progress {
    var check = ProjectionCheck()
    /// When the comparison began, and how long the last complete one took.
    var began: ContinuousClock.Instant?
    var lastDuration = Duration.zero
    /// Whether the next one waits to be started.
    var isScheduled = false
  }

  private let ledger: Ledger
  private let published: PublishedState
  private let incidents: IncidentLog
  private let runExclusively = Mutex<WarmupTask.RunExclusively>({ _ in false })
  private let progress = Mutex(Progress())
  private let loop = RetryingLoop()

  init(ledger: Ledger, published: PublishedState, incidents: IncidentLog) {
    self.ledger = ledger
    self.published = published
    self.incidents = incidents
  }

  /// Says how to run work between two batches, as for the warm-up.
  func connect(_ runExclusively: @escaping WarmupTask.RunExclusively) {
    self.runExclusively.withLock { $0 = runExclusively }
  }

  /// Compares everything once, in the background. To be called once every cluster is in memory, since memory is corrected.
  func start() {
    loop.start(step) { error in
      self.incidents.note(error)
      self.incidents.log(
        "the projections could not be compared with the log, and it is tried again: \(described(error))")
    }
  }

  /// Compares everything once more, since another program has committed to the file. One that commits all the time costs a tenth
  /// of a processor at most. Where clusters are still missing in memory, the end of the warm-up starts it.
  func startAgain() {
    let pause: Duration? = progress.withLock { progress in
      guard !progress.isScheduled else { return nil }
      progress.isScheduled = true
      return progress.lastDuration * 9
    }
    guard let pause else { return }
    let milliseconds = Int(pause / .milliseconds(1))
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
      guard let self else { return }
      progress.withLock { $0.isScheduled = false }
      if published.state.isComplete { start() }
    }
  }

  func stop() { loop.stop() }

  /// Compares the next rows, has memory believe the log where they differ, and says what differs after the last ones. Returns
  /// whether there is more to do. One thread at a time may call this.
  func step() throws -> Bool {
    var check = progress.withLock { progress in
      if progress.began == nil { progress.began = .now }
      return progress.check
    }
    do {
      let known = check.differences.count
      let hasMore = try ledger.read { try check.step(Self.chunk, from: $0) }
      // A chunk at a time, so that changes go on in between.
      try correct(check.differences[known...])
      progress.withLock { $0.check = check }
      if hasMore { return true }
    } catch {
      // From the beginning, so that all of it is seen once the file can be read again.
      progress.withLock { ($0.check, $0.began) = (ProjectionCheck(), nil) }
      throw error
    }
    progress.withLock { progress in
      progress.lastDuration = progress.began.map { .now - $0 } ?? .zero
      (progress.check, progress.began) = (ProjectionCheck(), nil)
    }
    report(check.differences)
    report(try ledger.read { try $0.schemaDifferences() })
    return false
  }

  // MARK: What differs

  private func report(_ differences: [ProjectionDifference]) {
    guard let first = differences.first else { return ledger.health.clear(.projectionDiffers) }
    for difference in differences.prefix(20) { incidents.log("\(difference.row) \(difference.what)") }
    incidents.noteDifference(first.row, first.what, others: differences.count - 1)
  }

  private func report(_ schema: SchemaDifferences) {
    ledger.health.report(foreignTriggers: schema.foreignTriggers, path: ledger.path)
    guard let first = schema.others.first else { return ledger.health.clear(.schemaDiffers) }
    let others = schema.others.count == 1 ? "" : ", and \(schema.others.count - 1) more"
    ledger.health.raise(
      .schemaDiffers, "the schema is not Fairlead's: \(first)\(others)",
      remedy: "stop fairleadd and run \(LedgerError.rebuildCommand(ledger.path))")
  }

  /// Has memory believe the log where a row says something else. On the commit stage, which alone publishes states.
  private func correct(_ differences: ArraySlice<ProjectionDifference>) throws {
    let corrections = Set(differences.map(\.correction)).subtracting([.none])
    guard !corrections.isEmpty else { return }
    let result = BlockingResult<Result<Void, any Error>>()
    let runExclusively = runExclusively.withLock { $0 }
    let willRun = runExclusively {
      result.set(
        Result {
          try self.ledger.read { reader in
            var state = self.published.state
            var corrected: [String] = []
            for correction in corrections {
              switch correction {
              case .cluster(let folded):
                state.correct(folded, try reader.loggedCluster(folded))
                corrected.append(folded)
              case .registrations: state.correct(try LoggedRegistrations(from: reader))
              case .none: break
              }
            }
            self.published.publish(state, corrected: corrected)
            // A step of a registration may be due at another time as well.
            if corrected.isEmpty { self.published.reportCorrection() }
          }
        })
    }
    if willRun { try result.wait().get() }
  }
}

extension HealthBoard {
  /// Triggers run within each write: what is recorded would be theirs as well.
  func report(foreignTriggers: [String], path: String) {
    guard let first = foreignTriggers.first else { return clear(.foreignTrigger) }
    let others = foreignTriggers.count == 1 ? "" : ", and \(foreignTriggers.count - 1) more"
    raise(
      .foreignTrigger,
      "cannot record changes: the trigger \(first)\(others) is not Fairlead's, and would run with each",
      remedy: "find who made it, then stop fairleadd and run \(LedgerError.rebuildCommand(path)), which removes it")
  }
}

/// An error for the log.
func described(_ error: any Error) -> String {
  guard let error = error as? LedgerError else { return "\(error)" }
  return error.message + (error.detail.map { " (\(escaped($0)))" } ?? "")
}

/// Without what a terminal would act on: the detail of damage may quote damaged bytes.
func escaped(_ text: String) -> String {
  text.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? String($0) : $0.escaped(asASCII: true) }.joined()
}
