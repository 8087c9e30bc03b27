// Commits a group: plans and applies each request, commits once, publishes, and only then answers.

internal import Dispatch
internal import FairleadModel
internal import FairleadStore

extension Registry {
  /// Takes tickets from `queue` into one transaction until there are none or it has enough, and answers them all.
  func commitGroup(_ queue: @escaping () -> WriteTicket?) {
    let turn = Turn(queue)
    do {
      try recover()
      let group = try commit(turn)
      for change in group.changes where change.method == Self.revertMethod { onRevert(change) }
      if fault != .answersBeforeCommit { turn.answer() }
    } catch {
      recent.forget()
      turn.answerAll(lost(error))
    }
  }

  private func commit(_ turn: Turn) throws -> Group {
    do {
      return try commit(turn, isCareful: false)
    } catch let uncertain as UncertainCommit {
      throw uncertain
    } catch  where !turn.tickets.isEmpty {
      // Some request's rows were not taken. Nothing of the group is left; whose they were shows the second time.
      recent.forget()
      turn.startOver()
      return try commit(turn, isCareful: true)
    }
  }

  private func commit(_ turn: Turn, isCareful: Bool) throws -> Group {
    try ledger.write { writer in
      let group = Group(
        heads: try headsOfFile(writer.reader), rows: DirectRows(writer: writer), recent: recent, isCareful: isCareful)
      while let ticket = turn.next() {
        if !isCareful, turn.has(Self.worthTwoThreads) {
          try planAhead(turn, in: group, writer)
        } else {
          turn.note(try perform(ticket, in: group))
        }
      }
      if fault == .answersBeforeCommit { turn.answer() }
      if fault == .publishesBeforeCommit { publish(group) }
      if fault != nil { stall() }
      return group
    } publish: { group in
      if fault != .publishesBeforeCommit { publish(group) }
    }
  }

  /// Tickets for which it pays to plan one while another is written.
  private static let worthTwoThreads = 2

  /// Plans what waits on a thread of its own, while this one, which has the transaction, writes what is planned.
  private func planAhead(_ turn: Turn, in group: Group, _ writer: LedgerWriter) throws {
    let tape = Tape()
    group.rows = tape
    defer { group.rows = DirectRows(writer: writer) }
    // This thread waits for the end of the tape before it touches them again.
    nonisolated(unsafe) let (turn, group) = (turn, group)
    planner.async {
      do {
        while let ticket = turn.next() { turn.note(try self.perform(ticket, in: group)) }
        tape.end()
      } catch {
        tape.end(error)
      }
    }
    try tape.play(on: writer)
  }

  /// What a planted fault lets slip is seen for some milliseconds, so that whoever looks for it finds it on any disk.
  private func stall() { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(3)) }

  private func publish(_ group: Group) {
    guard !group.changes.isEmpty else { return }
    published.heads = group.heads
    onCommit(group.changes)
  }

  /// The heads to begin with: those in memory, or the file's own where somebody else wrote into the log.
  private func headsOfFile(_ reader: LedgerReader) throws -> Heads {
    let heads = published.heads
    let head = try reader.head().seq
    guard head != heads.seq else { return heads }
    log(
      "change \(head) is the file's last, and \(heads.seq) was the last of this daemon: another program wrote into the log"
    )
    return try reader.heads()
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
