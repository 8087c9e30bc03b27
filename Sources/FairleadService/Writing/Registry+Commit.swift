// Commits a group: plans and applies each request, commits once, publishes, and only then answers.

internal import Dispatch
internal import FairleadModel
internal import FairleadStore

extension Registry {
  /// Takes tickets from `next` into one transaction until there are none or it has enough, and answers them all.
  func commitGroup(_ next: () -> WriteTicket?) {
    var tickets: [WriteTicket] = []
    var outcomes: [Result<WriteOutcome, Refusal>] = []
    do {
      try recover()
      let group = try ledger.write { writer in
        let group = Group(heads: try headsOfFile(writer.reader), writer: writer, recent: recent)
        let deadline = ContinuousClock.now + .milliseconds(Limits.groupMilliseconds)
        while tickets.count < Limits.groupRequests, ContinuousClock.now < deadline, let ticket = next() {
          tickets.append(ticket)
          outcomes.append(try perform(ticket, in: group))
        }
        if fault == .answersBeforeCommit { answer(tickets, outcomes) }
        if fault == .publishesBeforeCommit { publish(group) }
        if fault != nil { stall() }
        return group
      } publish: { group in
        if fault != .publishesBeforeCommit { publish(group) }
      }
      for change in group.changes where change.method == Self.revertMethod { onRevert(change) }
      if fault != .answersBeforeCommit { answer(tickets, outcomes) }
    } catch {
      recent.forget()
      let refusal = lost(error)
      // Where the transaction did not even begin, nobody's turn would come sooner by waiting.
      if tickets.isEmpty { while let ticket = next() { tickets.append(ticket) } }
      for ticket in tickets { ticket.answer(.failure(refusal)) }
    }
  }

  private func answer(_ tickets: [WriteTicket], _ outcomes: [Result<WriteOutcome, Refusal>]) {
    for (ticket, outcome) in zip(tickets, outcomes) { ticket.answer(outcome) }
  }

  /// What a planted fault lets slip is seen for some milliseconds, so that whoever looks for it finds it on any disk.
  private func stall() { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(3)) }

  private func publish(_ group: Group) {
    guard !group.changes.isEmpty else { return }
    published.heads = group.heads
    if !group.heads.isWhole { startLoading() }
    onCommit(group.changes)
  }

  /// The heads to begin with: those in memory, or the file's own where somebody else wrote into the log. Those are loaded
  /// as at a start.
  private func headsOfFile(_ reader: LedgerReader) throws -> Heads {
    let heads = published.heads
    let head = try reader.head().seq
    guard head != heads.seq else { return heads }
    log(
      "change \(head) is the file's last, and \(heads.seq) was the last of this daemon: another program wrote into the log"
    )
    return try reader.heads(atOnce: loading.atOnce).heads
  }

  // MARK: One request

  /// What came of one request, which stands or falls alone. Throws only where the whole group is lost.
  private func perform(_ ticket: WriteTicket, in group: Group) throws -> Result<WriteOutcome, Refusal> {
    do {
      return .success(try outcome(of: ticket, in: group))
    } catch let lost as GroupLost {
      throw lost.cause
    } catch {
      return .failure(refusal(for: error))
    }
  }

  private func outcome(of ticket: WriteTicket, in group: Group) throws -> WriteOutcome {
    switch ticket.request {
    case .change(let request, let options):
      try group.attempt { try settle(dueAt: now(), in: group) }
      if let key = request.clusterKey { try takeBackIfDue(key, ticket.arrival, in: group) }
      return .change(try group.attempt { try self.commit(request, options, ticket, in: group) })
    case .apply(let request, let encode):
      // Once, before the first: nothing may settle between two changes, or they would be judged by different gates.
      try group.attempt { try settle(dueAt: now(), in: group) }
      for key in request.changes.compactMap(\.request.clusterKey) {
        try takeBackIfDue(key, ticket.arrival, in: group)
      }
      return .apply(try group.attempt { try self.commit(request, ticket, encode, in: group) })
    case .settle:
      try group.attempt { try settle(dueAt: now(), in: group) }
      return .done
    case .takeBack(let key?):
      try takeBackIfDue(key, ticket.arrival, in: group)
      return .done
    case .takeBack(nil):
      return try takeBackAllDue(ticket.arrival, in: group) ? .done : .failedSome
    }
  }

  // MARK: When a commit fails

  /// Before the next group after a failed one: makes sure that the failed one is gone, or stays read-only.
  private func recover() throws {
    guard writeFailure != nil else { return }
    try ledger.overwriteFailedCommit()
    writeFailure = nil
    log("changes are taken again")
  }

  /// What everybody in a group that failed as a whole is told.
  private func lost(_ error: any Error) -> Refusal {
    guard let uncertain = error as? UncertainCommit else { return refusal(for: error) }
    do {
      try ledger.overwriteFailedCommit()
      return refusal(for: uncertain.cause)
    } catch {
      writeFailure = uncertain.cause.message
      log("no changes are taken until the disk takes them: \(uncertain.cause.message)")
      return Refusal(
        .unavailable,
        uncertain.cause.message
          + "; whether this change is recorded shows once the disk is well: look before you repeat it, "
          + "or repeat it with its requestId")
    }
  }
}
