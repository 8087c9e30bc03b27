// Prepares one write of a batch: first what has fallen due, then what is asked.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore

struct ChangePreparer: WritePreparer {
  let changes: ChangeCommand
  let applies: ApplyCommand
  let registrations: RegistrationDeadlines
  let confirms: ConfirmDeadlines
  let clocks: ClockSource
  let clockWatch: ClockWatch
  let incidents: IncidentLog

  func prepare(_ write: PendingWrite, in batch: WriteBatch) throws(BatchAborted) -> @Sendable () -> @Sendable () -> Void
  {
    switch write.operation {
    case .change(let request, let options, let completion):
      let result = try result { try outcome(of: request, options, write, batch) }
      return { completion(result) }
    case .apply(let request, let encode, let completion):
      let result = try result { try outcome(of: request, encode: encode, write, batch) }
      return { completion(result) }
    case .settle(let completion):
      let result = try result { try settle(batch, before: []) }
      return { completion(result) }
    case .revert(let key, let completion):
      let result = try result { try confirms.revert(key, ifDueAt: write.arrival, in: batch) }
      return { completion(result) }
    case .revertDue(let completion):
      let result = try result { try confirms.revertAll(dueAt: write.arrival, in: batch) }
      return { completion(result) }
    }
  }

  private func outcome(
    of request: ChangeRequest, _ options: ChangeOptions, _ write: PendingWrite, _ batch: WriteBatch
  ) throws -> ChangeOutcome {
    try settle(batch, before: [request])
    if let key = request.clusterKey { try confirms.revert(key, ifDueAt: write.arrival, in: batch) }
    return try batch.perform {
      let (outcome, change) = try changes.record(request, options, by: write.actor, in: batch)
      // With `--settle-seconds 0` a registration settles in the transaction that asks for it.
      if let change, request.kind == .feature || request.kind == .provider {
        try registrations.settle(dueAt: change.at, for: request, in: batch)
      }
      return outcome
    }
  }

  private func outcome(
    of request: ApplyRequest, encode: (ApplyResult) -> JSON, _ write: PendingWrite, _ batch: WriteBatch
  ) throws -> PendingWrite.AppliedOutcome {
    // Before the first change only: if a registration settled between two of them, they would be judged by different gates.
    try settle(batch, before: request.changes.map(\.request))
    for key in request.changes.compactMap(\.request.clusterKey) {
      try confirms.revert(key, ifDueAt: write.arrival, in: batch)
    }
    return try batch.perform { try applies.record(request, by: write.actor, encode: encode, in: batch) }
  }

  /// Settles what is due as a separate request, so that it stays recorded if the write is refused: as much as one batch may, and
  /// all that `requests` depend on. The rest is left to the timer, which asks again until nothing is due.
  @discardableResult
  private func settle(_ batch: WriteBatch, before requests: [ChangeRequest]) throws -> PendingWrite.SettleResult {
    try batch.perform {
      let time = clocks.clocks(after: batch.state.at).wall
      let result = try registrations.settle(dueAt: time, in: batch)
      guard case .moreAreDue = result else { return result }
      for request in requests { try registrations.settle(dueAt: time, for: request, in: batch) }
      return result
    }
  }

  /// The result of one write. Throws only where the whole batch is aborted.
  private func result<Value>(_ body: () throws -> Value) throws(BatchAborted) -> Result<Value, Refusal> {
    do {
      // Also of the daemon's own: stamped with the last time that there is, a change would stop the log's clock for ever.
      try clockWatch.ensureValid()
      return .success(try body())
    } catch let aborted as BatchAborted {
      throw aborted
    } catch {
      return .failure(incidents.refusal(for: error))
    }
  }
}
