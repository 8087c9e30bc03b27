// Plans groups and records them: commits once for all requests of a group, publishes, and only then answers.

internal import Dispatch
internal import FairleadModel
internal import FairleadStore

extension Registry {
  // MARK: The recorder

  /// Records groups until nothing is left to be recorded.
  func record() {
    while let work = writer.next(self) {
      switch work {
      case .ticket(let ticket):
        let turn = Turn()
        turn.take(ticket)
        record(turn, planned: nil) { database in try self.planAlone(turn, in: database) }
      case .planned(let planned):
        record(planned.turn, planned: planned) { database in try self.play(planned, in: database) }
      }
    }
  }

  /// Records one group, and answers everybody in it: publishes before, and answers nothing that is not durable.
  private func record(_ turn: Turn, planned: PlannedGroup?, _ plan: (LedgerWriter) throws -> Group) {
    var hasBegun = false
    do {
      try recover()
      try commit(turn) { database in
        hasBegun = true
        return try plan(database)
      }
    } catch {
      writer.takeBack(error, recording: planned)
      recent.forget()
      // Where another program holds the file, nobody's turn would come sooner by waiting.
      guard hasBegun else { return refuse([turn.tickets, writer.takeAll()].joined(), error) }
      if error is UncertainCommit { return refuse(turn.tickets, error) }
      startOver(turn)
    }
  }

  /// Some request's rows were not taken, and nothing of the group is left. Whose they were shows where each stands alone.
  private func startOver(_ turn: Turn) {
    turn.startOver()
    do {
      try commit(turn) { database in
        let group = Group(
          heads: try headsOfFile(database.reader), rows: DirectRows(writer: database), recent: recent, isCareful: true)
        for ticket in turn.tickets { turn.note(try perform(ticket, in: group)) }
        return group
      }
    } catch {
      recent.forget()
      refuse(turn.tickets, error)
    }
  }

  private func commit(_ turn: Turn, _ plan: (LedgerWriter) throws -> Group) throws {
    let group = try ledger.write { database in
      let group = try plan(database)
      if fault == .answersBeforeCommit { turn.answer() }
      if fault == .publishesBeforeCommit { publish(group) }
      if fault != nil { stall() }
      return group
    } publish: { group in
      if fault != .publishesBeforeCommit { publish(group) }
    }
    for change in group.changes where change.method == Self.revertMethod { onRevert(change) }
    if fault != .answersBeforeCommit { turn.answer() }
  }

  /// Plans a turn's one ticket, lets the next group be planned on it, and writes its rows.
  private func planAlone(_ turn: Turn, in database: LedgerWriter) throws -> Group {
    let rows = DeferredRows(writer: database)
    let group = Group(heads: try headsOfFile(database.reader), rows: rows, recent: recent, isCareful: false)
    for ticket in turn.tickets { turn.note(try perform(ticket, in: group)) }
    writer.mayPlan(on: group.heads, self)
    try rows.write()
    return group
  }

  private func play(_ planned: PlannedGroup, in database: LedgerWriter) throws -> Group {
    guard try database.reader.logEnd().seq == planned.base else { throw StaleGround() }
    try planned.tape.play(on: database)
    return planned.group
  }

  private func refuse(_ tickets: some Sequence<WriteTicket>, _ error: any Error) {
    let refusal = lost(error)
    for ticket in tickets { ticket.answer(.failure(refusal)) }
  }

  // MARK: The planner

  /// Plans what waits, until nothing is left that may be planned.
  func planAhead() {
    while let (ticket, planned) = writer.nextToPlan(recent) {
      do {
        planned.turn.note(try perform(ticket, in: planned.group))
      } catch {
        // The recorder has met the same, and puts all of this back into the queue.
        return writer.plannerGivesUp()
      }
    }
  }

  /// What a planted fault lets slip is seen for some milliseconds, so that whoever looks for it finds it on any disk.
  private func stall() { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(3)) }

  private func publish(_ group: Group) {
    guard !group.changes.isEmpty else { return }
    published.heads = group.heads
    if !group.heads.isComplete { startLoading() }
    onCommit(group.changes)
  }

  /// The heads to begin with: those in memory, or the file's own where somebody else wrote into the log. Those are loaded
  /// as at a start.
  private func headsOfFile(_ reader: LedgerReader) throws -> CurrentState {
    let heads = published.heads
    let head = try reader.logEnd().seq
    guard head != heads.seq else { return heads }
    recent.forget()
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
