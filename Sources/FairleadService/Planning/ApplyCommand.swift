// Many changes of clusters in one transaction: planned one after the other, recorded all together or as far as they go.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore

/// No two changes of an apply are of the same cluster, and none moves a registration. So no plan depends on those before it,
/// and a refused change leaves nothing to undo, since planning has no effects.
struct ApplyCommand: Sendable {
  let planning: PlanningService
  let changes: ChangeCommand

  /// What the request would do.
  func dryRun(_ request: ApplyRequest, by actor: Actor, on view: ReadView) throws -> ApplyOutcome {
    var run = ApplyBuilder(request, first: planning.stamp(ChangeOptions(), by: actor, on: view))
    for (index, item) in request.changes.enumerated() {
      let options = run.options(of: item)
      do {
        let (plan, _) = try planning.plan(item.request, options, run.stamp(options), on: view)
        let report = changes.dryRunReport(of: plan, for: item.request, options)
        run.add(
          index, item, ChangeOutcome(unrecorded: report, plan.resource), isUnchanged: !plan.isRecorded,
          refusal: plan.refusal)
        if plan.isRecorded, plan.refusal == nil { run.advanceSeq() }
      } catch let refusal as Refusal {
        run.add(index, item, refusal)
      }
    }
    return run.outcome(seq: nil)
  }

  /// Records the request in `batch`. `encode` encodes a result for the wire.
  func record(
    _ request: ApplyRequest, by actor: Actor, encode: (ApplyResult) -> JSON, in batch: WriteBatch
  ) throws -> PendingWrite.AppliedOutcome {
    if let earlier = try earlier(request, by: actor, on: batch.readView) { return .repeated(earlier) }
    var run = ApplyBuilder(request, first: planning.stamp(ChangeOptions(), by: actor, on: batch.readView))
    // Each change is appended when the next one is known: the last one carries what a repeated request needs.
    var last: Change?
    for (index, item) in request.changes.enumerated() {
      let options = run.options(of: item)
      let stamp = run.stamp(options)
      do {
        let (plan, _) = try changes.committablePlan(item.request, options, stamp, on: batch.readView)
        guard plan.isRecorded else {
          run.add(index, item, ChangeOutcome(unrecorded: plan.report, plan.resource), isUnchanged: true)
          continue
        }
        let change = Change(plan, method: item.request.method, stamp: stamp, params: options.params)
        run.add(index, item, ChangeOutcome(recorded: change), isUnchanged: false)
        // Nothing of an aborted request is recorded; the rest is planned only to report what else is refused.
        guard !run.isAborted else { continue }
        if let last { try batch.append(last) }
        last = change
        run.advanceSeq()
      } catch let refusal as Refusal {
        run.add(index, item, refusal)
      }
    }
    if run.isAborted, let refusal = run.refusal { throw refusal }
    guard var last else { return .new(run.outcome(seq: nil)) }
    if let requestID = request.requestID {
      last.requestID = requestID
      last.applied =
        Applied(
          request: Applied.fingerprint(of: request), recorded: run.recorded, totals: run.totals.json,
          others: run.results.filter { !$0.isRecorded }.map(encode)
        ).json
    }
    try batch.append(last)
    return .new(run.outcome(seq: last.seq))
  }

  /// The first request with this idempotency key; `nil` where this is it.
  private func earlier(_ request: ApplyRequest, by actor: Actor, on view: ReadView) throws -> PendingWrite.EarlierApply?
  {
    guard let requestID = request.requestID,
      let last = try view.read({ try $0.change(uid: actor.uid, requestID: requestID) })
    else { return nil }
    guard let applied = try Applied(of: last), applied.request == Applied.fingerprint(of: request) else {
      throw Refusal.reused(requestID: requestID, by: last)
    }
    return PendingWrite.EarlierApply(request: request, last: last)
  }
}

extension ApplyResult {
  /// Whether the log has a change for it.
  fileprivate var isRecorded: Bool {
    switch self {
    case .answered(let answer): !answer.isUnchanged
    case .refused, .remembered: false
    }
  }
}
