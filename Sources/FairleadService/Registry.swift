// The service: one way in for every change, from the request to the record.

package import FairleadImpact
internal import FairleadJSON
package import FairleadModel
package import FairleadStore
internal import Synchronization

/// Plans and commits changes, and answers reads. Synchronous: a call runs on the thread that makes it, a change holds
/// SQLite's one writer, and a read never waits for one.
package final class Registry: Sendable {
  let ledger: Ledger
  /// What judges each change.
  let engine: Engine
  /// Seconds between asking for a registration and its settling.
  package let settleSeconds: Int
  let now: @Sendable () -> Timestamp
  /// The clock that nobody sets.
  let bootTime: @Sendable () -> BootTime?
  /// The daemon itself, which settles registrations.
  let system: Actor
  /// Hears of each change that took an unconfirmed one back, in their order, once it is durable.
  let onRevert: @Sendable (Change) -> Void
  /// Held by whoever takes unconfirmed changes back.
  let reverting = Mutex<Void>(())
  /// Takes what an operator must be able to find under an incident's number.
  private let log: @Sendable (String) -> Void

  package init(
    ledger: Ledger, engine: Engine = Engine(), settleSeconds: Int, system: Actor,
    now: @escaping @Sendable () -> Timestamp,
    bootTime: @escaping @Sendable () -> BootTime?, onRevert: @escaping @Sendable (Change) -> Void,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.ledger = ledger
    self.engine = engine
    self.settleSeconds = settleSeconds
    self.system = system
    self.now = now
    self.bootTime = bootTime
    self.onRevert = onRevert
    self.log = log
  }

  /// Plans `request`, and unless it is a dry run commits it. What comes back is durable.
  package func change(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor
  ) throws(Refusal) -> ChangeOutcome {
    try checkOptions(options, of: request)
    if options.dryRun {
      return try answering {
        try self.afterReverts { try self.ledger.read { try self.dryRun(request, options, by: actor, in: $0) } }
      }
    }
    return try answering {
      try self.afterReverts { try self.ledger.write { try self.commit(request, options, by: actor, in: $0) } }
    }
  }

  // MARK: The write path

  private func dryRun(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, in reader: LedgerReader
  ) throws -> ChangeOutcome {
    let stamp = try stamp(options, by: actor, in: reader)
    let (plan, answered) = try plan(request, options, stamp, in: reader)
    // A digest that came along is not held against a plan, which answers a fresh one to compare it with.
    var report = plan.report
    report.planDigest = PlanDigest(method: request.method, params: options.params, basis: plan.basis).text
    return outcome(seq: nil, report: report, noun: answered)
  }

  private func commit(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, in writer: LedgerWriter
  ) throws -> ChangeOutcome {
    if let replayed = try replay(request, options, by: actor, in: writer.reader) { return replayed }
    // What is due has settled, whether or not the settler has come to it.
    try settle(dueAt: now(), in: writer)
    let stamp = try stamp(options, by: actor, in: writer.reader)
    let (plan, answered) = try committable(request, options, stamp, in: writer.reader)
    guard plan.records else { return outcome(seq: nil, report: plan.report, noun: plan.noun) }
    let change = record(
      plan, method: request.method, stamp: stamp, requestID: options.requestID, params: options.params,
      answered: answered == plan.noun ? nil : answered.json)
    try writer.append(change)
    if request.kind == .feature || request.kind == .provider { try settle(dueAt: stamp.at, in: writer) }
    return Self.outcome(of: change)
  }

  /// The plan for a request that may be committed: the one that its digest stands for, and refused by nothing.
  func committable(
    _ request: ChangeRequest, _ options: ChangeOptions, _ stamp: Stamp, in reader: LedgerReader,
    _ registrations: Registrations = Registrations()
  ) throws -> (plan: Plan, answered: Noun) {
    let (plan, answered) = try plan(request, options, stamp, in: reader, registrations)
    if let expected = options.planDigest {
      try checkPin(
        expected, is: PlanDigest(method: request.method, params: options.params, basis: plan.basis), of: request,
        in: reader)
    }
    if let refusal = plan.refusal { throw refusal }
    return (plan, answered)
  }

  /// The answer that this idempotency key has had, before any other check and without a trace.
  private func replay(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, in reader: LedgerReader
  ) throws -> ChangeOutcome? {
    guard let requestID = options.requestID, let change = try reader.change(uid: actor.uid, requestID: requestID)
    else { return nil }
    guard change.method == request.method, Self.asked(change.params) == Self.asked(options.params) else {
      throw Refusal(
        .requestIDReused,
        "cannot take requestId '\(requestID)' again: it stands for change \(change.seq), another request; "
          + "use a new one for a new request")
    }
    return Self.outcome(of: change)
  }

  /// What was asked, without the digest of the plan that it was asked with: a caller who lost the reply and plans anew
  /// before asking again pins another digest and means the same change.
  static func asked(_ params: JSON) -> JSON {
    .object(JSONObject((params.objectValue?.members ?? []).filter { $0.key != "planDigest" }))
  }

  /// Takes every registration step that is due, each as a change of the daemon's own.
  func settle(dueAt time: Timestamp, in writer: LedgerWriter) throws {
    while let next = try writer.reader.nextSettle(), next.pending.dueAt <= time {
      let stamp = try stamp(ChangeOptions(), by: system, in: writer.reader)
      guard let key = next.noun.providerKey else { return }
      let context = try context(key, in: writer.reader)
      guard var plan = RegistrationPlanner(context: context, stamp: stamp).settle(next.noun) else { return }
      if plan.report.affected.clusters > 0 {
        let planner = RegistrationPlanner(context: try named(context, in: writer.reader), stamp: stamp)
        plan = planner.settle(next.noun) ?? plan
      }
      try writer.append(
        record(
          plan, method: "\(next.noun.kind.rawValue).settle", stamp: stamp, requestID: nil,
          params: ["requestedSeq": .integer(next.pending.requestedSeq)], answered: nil))
    }
  }

  // MARK: Checks and answers

  private func checkOptions(_ options: ChangeOptions, of request: ChangeRequest) throws(Refusal) {
    guard request.kind != .cluster else { return }
    if options.ifRevision != nil {
      throw .invalid(
        "ifRevision", "cannot take ifRevision here: a \(request.kind.rawValue) has no revisions; use ifSeq")
    }
    try Overrides.check(options.overrides, message: options.message, findings: [])
  }

  func record(
    _ plan: Plan, method: String, stamp: Stamp, requestID: String?, params: JSON, answered: JSON?
  ) -> Change {
    var report = plan.report
    report.seq = stamp.seq
    return Change(
      seq: stamp.seq, at: stamp.at, method: method, kind: plan.noun.kind, subject: report.subject, actor: stamp.actor,
      message: stamp.message, requestID: requestID, params: params, report: report, effects: plan.effects,
      answered: answered)
  }

  func outcome(seq: Int?, report: Report, noun: Noun) -> ChangeOutcome {
    var revision: Int?
    if case .cluster(let cluster) = noun { revision = cluster.revision }
    return ChangeOutcome(seq: seq, report: report, revision: revision, kind: noun.kind, noun: noun.json)
  }

  /// What a recorded change answers, now and whenever it is asked for again.
  static func outcome(of change: Change) -> ChangeOutcome {
    ChangeOutcome(
      seq: change.seq, report: change.report, revision: change.effects.cluster?.revision, kind: change.kind,
      noun: change.answeredNoun)
  }

  /// Turns what `body` throws into a refusal: its own as it is, the ledger's as unavailable or internal.
  func answering<Value>(_ body: () throws -> Value) throws(Refusal) -> Value {
    do {
      return try body()
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as LedgerError {
      switch error.reason {
      case .notWritable, .inUse: throw Refusal(.unavailable, error.message)
      case .notALedger, .fromTheFuture, .corrupt, .other: throw internalError(error.message)
      }
    } catch {
      throw internalError("\(error)")
    }
  }

  private func internalError(_ detail: String) -> Refusal {
    let incident = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    log("incident \(incident): \(detail)")
    return Refusal(
      .internalError(incident: incident),
      "cannot answer: something in fairleadd failed; its log has the detail under incident \(incident)")
  }
}
