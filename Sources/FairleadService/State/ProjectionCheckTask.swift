// Compares the projections and the schema with the log, a chunk at a time, behind a daemon that already serves.

internal import FairleadModel
internal import FairleadStore
internal import Synchronization

final class ProjectionCheckTask: Sendable {
  /// Rows of one short read: it takes some milliseconds of one of the few reader connections.
  private static let chunk = 128

  private let ledger: Ledger
  private let published: PublishedState
  private let incidents: IncidentLog
  private let runExclusively = Mutex<WarmupTask.RunExclusively>({ _ in false })
  private let progress = Mutex(ProjectionCheck())
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

  func stop() { loop.stop() }

  /// Compares the next rows, and says what differs after the last ones. Returns whether there is more to do. One thread at a time
  /// may call this.
  func step() throws -> Bool {
    var check = progress.withLock { $0 }
    do {
      let hasMore = try ledger.read { try check.step(Self.chunk, from: $0) }
      progress.withLock { $0 = check }
      if hasMore { return true }
    } catch {
      // From the beginning, so that all of it is seen once the file can be read again.
      progress.withLock { $0 = ProjectionCheck() }
      throw error
    }
    progress.withLock { $0 = ProjectionCheck() }
    try correct(check.differences)
    report(check.differences)
    report(try ledger.read { try $0.schemaDifferences() })
    return false
  }

  // MARK: What differs

  private func report(_ differences: [ProjectionDifference]) {
    guard let first = differences.first else { return ledger.health.clear(.projectionDiffers) }
    for difference in differences.prefix(20) { incidents.log("\(difference.row) \(difference.what)") }
    let others = differences.count == 1 ? "" : ", nor are \(differences.count - 1) more"
    ledger.health.raise(
      .projectionDiffers,
      "\(first.row) \(first.what)\(others): another program changed the file; what is answered and planned is the log's",
      remedy: "find that program, then stop fairleadd and run fairleadd --rebuild")
  }

  private func report(_ schema: SchemaDifferences) {
    ledger.health.report(foreignTriggers: schema.foreignTriggers)
    guard let first = schema.others.first else { return ledger.health.clear(.schemaDiffers) }
    let others = schema.others.count == 1 ? "" : ", and \(schema.others.count - 1) more"
    ledger.health.raise(
      .schemaDiffers, "the schema is not Fairlead's: \(first)\(others)",
      remedy: "stop fairleadd and run fairleadd --rebuild")
  }

  /// Has memory believe the log where a row says something else. On the commit stage, which alone publishes states.
  private func correct(_ differences: [ProjectionDifference]) throws {
    let corrections = Set(differences.map(\.correction)).subtracting([.none])
    guard !corrections.isEmpty else { return }
    let result = BlockingResult<Result<Void, any Error>>()
    let runExclusively = runExclusively.withLock { $0 }
    let willRun = runExclusively {
      result.set(
        Result {
          try self.ledger.read { reader in
            var state = self.published.state
            for correction in corrections {
              switch correction {
              case .cluster(let folded): state.correct(folded, try reader.loggedCluster(folded))
              case .registrations: state.correct(try LoggedRegistrations(from: reader))
              case .none: break
              }
            }
            self.published.publish(state)
          }
        })
    }
    if willRun { try result.wait().get() }
  }
}

extension HealthBoard {
  /// Triggers run within each write: what is recorded would be theirs as well.
  func report(foreignTriggers: [String]) {
    guard let first = foreignTriggers.first else { return clear(.foreignTrigger) }
    let others = foreignTriggers.count == 1 ? "" : ", and \(foreignTriggers.count - 1) more"
    raise(
      .foreignTrigger,
      "cannot record changes: the trigger \(first)\(others) is not Fairlead's, and would run with each",
      remedy: "find who made it, then stop fairleadd and run fairleadd --rebuild, which removes it")
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
