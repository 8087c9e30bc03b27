// One change: planned as a dry run, or planned and recorded in a batch.

internal import FairleadModel
internal import FairleadStore

struct ChangeCommand: Sendable {
  let planning: PlanningService

  /// What the request would do. The report says what prevents it.
  func dryRun(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, on view: ReadView
  ) throws -> ChangeOutcome {
    let stamp = planning.stamp(options, by: actor, on: view)
    let (plan, answered) = try planning.plan(request, options, stamp, on: view)
    return ChangeOutcome(unrecorded: dryRunReport(of: plan, for: request, options), answered)
  }

  /// The report of a dry run, with the plan's digest. A digest in the request is not checked in a dry run: the caller gets a
  /// fresh one to compare it with.
  func dryRunReport(of plan: Plan, for request: ChangeRequest, _ options: ChangeOptions) -> Report {
    var report = plan.report
    report.planDigest = PlanDigest(method: request.method, params: options.params, basis: plan.basis).text
    return report
  }

  /// Records the request in `batch`. Returns the outcome, and the change where one was recorded: a repeated request gets the
  /// answer of the first one, and a change without effect is not recorded.
  func record(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, in batch: WriteBatch
  ) throws -> (outcome: ChangeOutcome, change: Change?) {
    try check(options, of: request)
    let view = batch.readView
    if let outcome = try earlierOutcome(of: request, options, by: actor, on: view) { return (outcome, nil) }
    let stamp = planning.stamp(options, by: actor, on: view)
    let (plan, answered) = try committablePlan(request, options, stamp, on: view)
    guard plan.isRecorded else { return (ChangeOutcome(unrecorded: plan.report, plan.resource), nil) }
    let change = Change(
      plan, method: request.method, stamp: stamp, requestID: options.requestID, params: options.params,
      answered: answered == plan.resource ? nil : answered.json)
    let report = change.report.text
    try batch.append(change, report: report)
    let resource = change.answered == nil ? batch.clusterText(of: change) : nil
    return (ChangeOutcome(recorded: change, report: report, resource: resource), change)
  }

  /// The plan, if it may be committed: it is the one that the request's digest names, and nothing refuses it.
  func committablePlan(
    _ request: ChangeRequest, _ options: ChangeOptions, _ stamp: Stamp, on view: ReadView
  ) throws -> (plan: Plan, answered: Resource) {
    let (plan, answered) = try planning.plan(request, options, stamp, on: view)
    if let expected = options.planDigest {
      let digest = PlanDigest(method: request.method, params: options.params, basis: plan.basis)
      try planning.checkDigest(expected, is: digest, of: request, on: view)
    }
    if let refusal = plan.refusal { throw refusal }
    return (plan, answered)
  }

  /// Refuses options that this kind of resource does not have.
  func check(_ options: ChangeOptions, of request: ChangeRequest) throws(Refusal) {
    guard request.kind != .cluster else { return }
    if options.ifRevision != nil {
      throw .invalid(
        "ifRevision", "cannot take ifRevision here: a \(request.kind.rawValue) has no revisions; use ifSeq")
    }
    try Overrides.check(options.overrides, message: options.message, findings: [])
  }

  /// The answer that the first request with this idempotency key got. Comes before every other check, and records nothing.
  private func earlierOutcome(
    of request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, on view: ReadView
  ) throws -> ChangeOutcome? {
    guard let requestID = options.requestID,
      let change = try view.read({ try $0.change(uid: actor.uid, requestID: requestID) })
    else { return nil }
    guard change.method == request.method,
      ChangeOptions.withoutDigest(change.params) == ChangeOptions.withoutDigest(options.params)
    else {
      throw Refusal.reused(requestID: requestID, by: change)
    }
    return ChangeOutcome(recorded: change)
  }
}

extension Refusal {
  /// An idempotency key came again with another request than the one that `change` recorded.
  static func reused(requestID: String, by change: Change) -> Refusal {
    Refusal(
      .requestIDReused,
      "cannot take requestId '\(requestID)' again: it stands for change \(change.seq), another request; "
        + "use a new one for a new request")
  }
}
