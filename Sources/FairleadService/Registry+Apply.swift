// Many changes of clusters in one transaction: planned one by one, committed together or as far as they go.

package import ExactJSON
package import FairleadModel
internal import FairleadStore

extension Registry {
  /// Plans every change of `request`, and unless it is a dry run commits them. What comes back is durable.
  ///
  /// No two changes are of the same cluster, and none moves a registration. So a plan is not changed by those before it,
  /// and what is refused has left nothing behind, since planning has no effects.
  ///
  /// `encode` writes a result as the wire carries it; what a repeat of the request could not find in the log is kept in
  /// that form.
  package func apply(
    _ request: ApplyRequest, by actor: Actor, encode: @escaping @Sendable (ApplyResult) -> JSON
  ) throws(Refusal) -> ApplyOutcome {
    if request.dryRun { return try plan(request, by: actor) }
    guard case .apply(let outcome) = try write(.apply(request, encode: encode), by: actor) else { throw misdirected() }
    return outcome
  }

  /// What `request` would do.
  package func plan(_ request: ApplyRequest, by actor: Actor) throws(Refusal) -> ApplyOutcome {
    try answering { try self.afterReverts { try self.onGround { try self.plan(request, by: actor, on: $0) } } }
  }

  private func plan(_ request: ApplyRequest, by actor: Actor, on ground: Ground) throws -> ApplyOutcome {
    var run = ApplyBuilder(request, first: stamp(ChangeOptions(), by: actor, on: ground))
    for (index, item) in request.changes.enumerated() {
      let options = run.options(of: item)
      do {
        let (plan, _) = try plan(item.request, options, run.stamp(options), on: ground)
        var report = plan.report
        report.planDigest = PlanDigest(method: item.request.method, params: options.params, basis: plan.basis).text
        run.add(
          index, item, outcome(seq: nil, report: report, resource: plan.resource), isUnchanged: !plan.isRecorded,
          refusal: plan.refusal)
        if plan.isRecorded, plan.refusal == nil { run.advanceSeq() }
      } catch let refusal as Refusal {
        run.add(index, item, refusal)
      }
    }
    return run.outcome(seq: nil)
  }

  func commit(
    _ request: ApplyRequest, _ ticket: WriteTicket, _ encode: (ApplyResult) -> JSON, in group: Group
  ) throws -> ApplyOutcome {
    let ground = group.ground
    if let replayed = try replay(request, by: ticket.actor, on: ground) { return replayed }
    var run = ApplyBuilder(request, first: stamp(ChangeOptions(), by: ticket.actor, on: ground))
    // One change waits until the next is known: the last one carries what the whole has to remember.
    var last: Change?
    for (index, item) in request.changes.enumerated() {
      let options = run.options(of: item)
      let stamp = run.stamp(options)
      do {
        let (plan, _) = try committable(item.request, options, stamp, on: ground)
        guard plan.isRecorded else {
          run.add(index, item, outcome(seq: nil, report: plan.report, resource: plan.resource), isUnchanged: true)
          continue
        }
        let change = record(
          plan, method: item.request.method, stamp: stamp, requestID: nil, params: options.params, answered: nil)
        run.add(index, item, Self.outcome(of: change), isUnchanged: false)
        // Once all is lost there is no use in writing on; the rest is planned to say what else is in the way.
        guard !run.isAborted else { continue }
        if let last { try group.append(last) }
        last = change
        run.advanceSeq()
      } catch let refusal as Refusal {
        run.add(index, item, refusal)
      }
    }
    if run.isAborted, let refusal = run.refusal { throw refusal }
    guard var last else { return run.outcome(seq: nil) }
    if let requestID = request.requestID {
      last.requestID = requestID
      last.applied =
        Applied(
          request: Applied.fingerprint(of: request), recorded: run.recorded, totals: run.totals.json,
          others: run.results.filter { !$0.isRecorded }.map(encode)
        ).json
    }
    try group.append(last)
    return run.outcome(seq: last.seq)
  }

  /// The answer that this idempotency key has had, put together from the changes that it stands for.
  private func replay(_ request: ApplyRequest, by actor: Actor, on ground: Ground) throws -> ApplyOutcome? {
    guard let requestID = request.requestID,
      let last = try ground.read({ try $0.change(uid: actor.uid, requestID: requestID) })
    else { return nil }
    guard let json = last.applied, let applied = Applied(json), applied.request == Applied.fingerprint(of: request)
    else {
      throw Refusal(
        .requestIDReused,
        "cannot take requestId '\(requestID)' again: it stands for change \(last.seq), another request; "
          + "use a new one for a new request")
    }
    var others = applied.others[...]
    var seq = last.seq - applied.recorded + 1
    var results: [ApplyResult] = []
    for (index, item) in request.changes.enumerated() {
      if let other = others.first, other["index"]?.intValue == index {
        others.removeFirst()
        results.append(.remembered(other))
      } else if let change = seq == last.seq ? last : try ground.read({ [seq] in try $0.change(seq: seq) }) {
        results.append(
          .answered(
            ApplyBuilder.answer(index, item, Self.outcome(of: change), isUnchanged: false, nil, request.detail)))
        seq += 1
      }
    }
    return ApplyOutcome(seq: last.seq, isAtomic: request.isAtomic, results: results, totals: applied.totals)
  }
}

extension ApplyResult {
  /// Whether the log holds it.
  fileprivate var isRecorded: Bool {
    switch self {
    case .answered(let answer): !answer.isUnchanged
    case .refused, .remembered: false
    }
  }
}
