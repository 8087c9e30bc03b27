// The service: one way in for every change, from the request to the record.

// Dispatch does not say so, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
package import FairleadImpact
internal import ExactJSON
package import FairleadModel
package import FairleadStore
internal import Synchronization

/// Plans and commits changes, and answers reads. A call is synchronous: a change waits for its group, and a read for
/// nobody.
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
  /// Hears of the changes of each group, in the order of the log, once they are durable and readers see them, before
  /// anybody is answered.
  let onCommit: @Sendable ([Change]) -> Void
  /// Hears of each change that took an unconfirmed one back, in their order, once it is durable.
  let onRevert: @Sendable (Change) -> Void
  /// Takes what an operator must be able to find under an incident's number.
  let log: @Sendable (String) -> Void
  let fault: InjectedFault?

  let published: Published
  let writer = GroupWriter()
  let loading: HeadsLoading
  let loader = HeadsLoader()
  let load: LoadUnderWay
  let recent = RecentClusters()
  private let failure = Mutex<String?>(nil)

  /// Reads the heads of registrations, and those of clusters where they are few; otherwise they come with `startLoading`.
  /// Throws what the ledger throws.
  package init(
    ledger: Ledger, engine: Engine = Engine(), settleSeconds: Int, system: Actor,
    now: @escaping @Sendable () -> Timestamp, bootTime: @escaping @Sendable () -> BootTime?,
    onCommit: @escaping @Sendable ([Change]) -> Void = { _ in }, onRevert: @escaping @Sendable (Change) -> Void,
    loading: HeadsLoading = .behind(atOnce: Limits.headsAtOnce), fault: InjectedFault? = nil,
    log: @escaping @Sendable (String) -> Void
  ) throws {
    self.ledger = ledger
    self.engine = engine
    self.settleSeconds = settleSeconds
    self.system = system
    self.now = now
    self.bootTime = bootTime
    self.onCommit = onCommit
    self.onRevert = onRevert
    self.loading = loading
    self.fault = fault
    self.log = log
    let (heads, load) = try ledger.read { try $0.heads(atOnce: loading.atOnce) }
    published = Published(heads)
    self.load = LoadUnderWay(load)
  }

  /// Takes no more changes, ends those that are queued, and waits for it.
  package func stop() {
    loader.stop()
    writer.close()
  }

  // MARK: Ways in

  /// Queues what changes the ledger. Its ticket hears of the outcome.
  package func submit(_ ticket: WriteTicket) { writer.submit(ticket, to: self) }

  /// Plans `request`, and unless it is a dry run commits it. What comes back is durable.
  package func change(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor
  ) throws(Refusal) -> ChangeOutcome {
    if options.dryRun { return try plan(request, options, by: actor) }
    guard case .change(let outcome) = try write(.change(request, options), by: actor) else { throw misdirected() }
    return outcome
  }

  /// What `request` would do, and be answered. The report says what stands in its way.
  package func plan(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor
  ) throws(Refusal) -> ChangeOutcome {
    try checkOptions(options, of: request)
    return try answering {
      try self.afterReverts { try self.onGround { try self.dryRun(request, options, by: actor, on: $0) } }
    }
  }

  /// Hands `request` to the writer, and waits for what comes of it.
  func write(_ request: WriteRequest, by actor: Actor) throws(Refusal) -> WriteOutcome {
    let outcome = Mutex<Result<WriteOutcome, Refusal>?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    submit(
      WriteTicket(request, by: actor, arrival: clocks) { result in
        outcome.withLock { $0 = result }
        isDone.signal()
      })
    isDone.wait()
    guard let result = outcome.withLock({ $0 }) else { throw misdirected() }
    return try result.get()
  }

  /// The kind of an outcome is that of its request; this is for the compiler, and for whoever breaks that.
  package func misdirected() -> Refusal { internalError("the writer answered another request") }

  /// Why no changes are taken; `nil` where they are.
  package internal(set) var writeFailure: String? {
    get { failure.withLock { $0 } }
    set { failure.withLock { $0 = newValue } }
  }

  /// Both clocks, now.
  package var clocks: Clocks { Clocks(wall: now(), boot: bootTime()) }

  // MARK: One change

  private func dryRun(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, on ground: Ground
  ) throws -> ChangeOutcome {
    let stamp = stamp(options, by: actor, on: ground)
    let (plan, answered) = try plan(request, options, stamp, on: ground)
    // A digest that came along is not held against a plan, which answers a fresh one to compare it with.
    var report = plan.report
    report.planDigest = PlanDigest(method: request.method, params: options.params, basis: plan.basis).text
    return outcome(seq: nil, report: report, resource: answered)
  }

  func commit(
    _ request: ChangeRequest, _ options: ChangeOptions, _ ticket: WriteTicket, in group: Group
  ) throws -> ChangeOutcome {
    try checkOptions(options, of: request)
    if let replayed = try replay(request, options, by: ticket.actor, on: group.ground) { return replayed }
    let stamp = stamp(options, by: ticket.actor, on: group.ground)
    let (plan, answered) = try committable(request, options, stamp, on: group.ground)
    guard plan.isRecorded else { return outcome(seq: nil, report: plan.report, resource: plan.resource) }
    let change = record(
      plan, method: request.method, stamp: stamp, requestID: options.requestID, params: options.params,
      answered: answered == plan.resource ? nil : answered.json)
    let report = change.report.text
    try group.append(change, report: report)
    if request.kind == .feature || request.kind == .provider { try settle(dueAt: stamp.at, in: group) }
    return Self.outcome(of: change, report: report, resource: change.answered == nil ? group.text(of: change) : nil)
  }

  /// The plan for a request that may be committed: the one that its digest stands for, and refused by nothing.
  func committable(
    _ request: ChangeRequest, _ options: ChangeOptions, _ stamp: Stamp, on ground: Ground
  ) throws -> (plan: Plan, answered: Resource) {
    let (plan, answered) = try plan(request, options, stamp, on: ground)
    if let expected = options.planDigest {
      try checkPin(
        expected, is: PlanDigest(method: request.method, params: options.params, basis: plan.basis), of: request,
        on: ground)
    }
    if let refusal = plan.refusal { throw refusal }
    return (plan, answered)
  }

  /// The answer that this idempotency key has had, before any other check and without a trace.
  private func replay(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, on ground: Ground
  ) throws -> ChangeOutcome? {
    guard let requestID = options.requestID,
      let change = try ground.read({ try $0.change(uid: actor.uid, requestID: requestID) })
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
      seq: stamp.seq, at: stamp.at, method: method, kind: plan.resource.kind, subject: report.subject,
      actor: stamp.actor,
      message: stamp.message, requestID: requestID, params: params, report: report, effects: plan.effects,
      answered: answered)
  }

  func outcome(seq: Int?, report: Report, resource: Resource) -> ChangeOutcome {
    var revision: Int?
    if case .cluster(let cluster) = resource { revision = cluster.revision }
    return ChangeOutcome(seq: seq, report: report, revision: revision, kind: resource.kind, resource: resource.text)
  }

  /// What a recorded change answers, now and whenever it is asked for again.
  /// `report` and `resource` are the texts of its report and of the resource that it answers, where those are known.
  static func outcome(of change: Change, report: [UInt8]? = nil, resource: [UInt8]? = nil) -> ChangeOutcome {
    ChangeOutcome(
      seq: change.seq, report: change.report, reportText: report, revision: change.effects.cluster?.revision,
      kind: change.kind, resource: resource ?? change.answeredResource)
  }

  /// Turns what `body` throws into a refusal: its own as it is, the ledger's as unavailable or internal.
  func answering<Value>(_ body: () throws -> Value) throws(Refusal) -> Value {
    do {
      return try body()
    } catch {
      throw refusal(for: error)
    }
  }

  /// An error as its caller is told: a refusal as it is, the ledger's as unavailable or internal.
  func refusal(for error: any Error) -> Refusal {
    switch ledger.translated(error) {
    case let refusal as Refusal: return refusal
    case let error as LedgerError:
      switch error.reason {
      case .notWritable, .inUse: return Refusal(.unavailable, error.message)
      case .notALedger, .newerSchema, .corrupt, .other: return internalError(error.message)
      }
    default: return internalError("\(error)")
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
