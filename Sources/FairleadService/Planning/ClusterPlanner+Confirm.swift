// Commit confirmed: which changes wait to be confirmed, what is refused meanwhile, and how the wait ends.

internal import FairleadImpact
internal import ExactJSON
internal import FairleadModel

/// The confirmation that a cluster waits for after a change, and what the report says about it.
struct Confirmation {
  var pending: PendingConfirm?
  var notice: ConfirmNotice?
  var notes: [String] = []
}

extension ClusterPlanner {
  // MARK: While a confirmation is pending

  /// Refuses a new configuration or a delete while the current configuration waits to be confirmed.
  func checkNothingPending(_ existing: Cluster, to verb: String) throws(Refusal) {
    guard let pending = existing.pendingConfirm else { return }
    throw Refusal(
      .conflict(path: "pendingConfirm", expected: 0, actual: pending.seq),
      "cannot \(verb) \(context.key.display): revision \(pending.revision) of change \(pending.seq) waits to be confirmed "
        + "and is taken back at \(pending.deadline.text); keep it with cluster.confirm, or go back with "
        + "cluster.rollback to revision \(pending.restores)")
  }

  // MARK: Which changes wait

  /// What is pending once `intent` is recorded. A new revision ends a wait, and begins another one if the request says so.
  func confirmation(_ intent: ClusterIntent, _ change: ConfigChange) throws -> Confirmation {
    guard intent.createsRevision else { return try kept(intent, change) }
    guard let seconds = options.confirmWithinSeconds else { return Confirmation() }
    guard let before = intent.before else {
      throw Refusal.invalid(
        "confirmWithinSeconds",
        "cannot take confirmWithinSeconds with this \(intent.verb) of \(context.key.display): it is deleted, so there is "
          + "no configuration before it to go back to")
    }
    // If a rollback during a wait is not confirmed either, it restores the last confirmed revision, not the one that waited.
    let restores = before.pendingConfirm?.restores ?? before.revision
    let restored = before.pendingConfirm == nil ? before.config : context.confirmed ?? before.config
    guard restored != intent.after.config else {
      return Confirmation(notes: [
        "Nothing waits to be confirmed: this is the configuration of revision \(restores), to which it would go back."
      ])
    }
    let back = ConfigChange(
      cluster: context.key, facts: intent.after.facts, before: intent.after.config, after: restored,
      lastMode: context.lastMode)
    let pending = PendingConfirm(
      seq: stamp.seq, revision: (context.current?.revision ?? 0) + 1, restores: restores,
      deadline: stamp.deadline(seconds: seconds), bootDeadline: stamp.clocks.boot?.adding(seconds: seconds))
    return Confirmation(
      pending: pending,
      notice: ConfirmNotice(
        seconds: seconds, deadline: options.dryRun ? nil : pending.deadline, restores: restores,
        caveats: try context.engine.caveats(of: back), command: Commands.confirm(context.key)))
  }

  /// A change that creates no revision does not affect a wait.
  private func kept(_ intent: ClusterIntent, _ change: ConfigChange) throws -> Confirmation {
    // A revert to the configuration that is current anyway only ends the wait.
    guard intent.origin != .revert else { return Confirmation() }
    var kept = Confirmation(pending: intent.before?.pendingConfirm)
    guard let pending = kept.pending else {
      if options.confirmWithinSeconds != nil {
        kept.notes.append("Nothing is armed to be taken back: the configuration stays at its revision.")
      }
      return kept
    }
    kept.notes.append(
      "Revision \(pending.revision) still waits: it is taken back at \(pending.deadline.text) unless "
        + "'\(Commands.confirm(context.key))' follows.")
    let back = context.confirmed.map {
      ConfigChange(
        cluster: context.key, facts: intent.after.facts, before: intent.after.config, after: $0,
        lastMode: context.lastMode)
    }
    kept.notice = ConfirmNotice(
      seconds: nil, deadline: pending.deadline, restores: pending.restores,
      caveats: try back.map { try context.engine.caveats(of: $0) } ?? [], command: Commands.confirm(context.key))
    return kept
  }

  // MARK: The end of a wait

  /// `ended` is for a confirm that arrives when nothing is pending: how the wait that it means ended.
  func confirm(seq: Int?, ended: EndedConfirm?) throws(Refusal) -> Plan {
    let existing = try requireExisting(to: "confirm")
    guard let pending = existing.pendingConfirm else { throw nothingPending(existing, seq: seq, ended) }
    if let seq, seq != pending.seq {
      throw Refusal(
        .conflict(path: "seq", expected: seq, actual: pending.seq),
        "cannot confirm change \(seq) of \(context.key.display): it is change \(pending.seq), of revision "
          + "\(pending.revision), that waits to be confirmed; look at that one")
    }
    try checkGuards(existing)
    try Overrides.check(options.overrides, message: options.message, findings: [])
    var cluster = existing
    cluster.pendingConfirm = nil
    cluster.updatedAt = stamp.at
    cluster.updatedSeq = stamp.seq
    let report = Report(
      subject: context.key.display, verdict: .none,
      summary: "confirm \(context.key.display): revision \(pending.revision) stays",
      notes: ["Change \(pending.seq) is no longer taken back at \(pending.deadline.text)."], affected: affected(cluster)
    )
    return Plan(
      report: report, effects: Effects(cluster: cluster), resource: .cluster(cluster), isRecorded: true, refusal: nil,
      basis: context.basis)
  }

  private func nothingPending(_ existing: Cluster, seq: Int?, _ ended: EndedConfirm?) -> Refusal {
    guard case .ended(let pending, by: let end)? = ended else {
      let what = seq.map { "change \($0) of it has never waited" } ?? "no change of it waits"
      let bound =
        ended == .notAmongTheLast
        ? "; none of its last \(Limits.endedConfirmChanges) changes did: to learn what became of an earlier one, give its number "
          + "in seq" : ""
      return Refusal(
        .conflict(path: "pendingConfirm", expected: seq ?? existing.updatedSeq, actual: 0),
        "cannot confirm \(context.key.display): \(what) to be confirmed; it is at revision \(existing.revision), which stays"
          + bound)
    }
    let what = "revision \(pending.revision) of change \(pending.seq)"
    let why =
      switch end.method {
      case "cluster.confirm":
        "\(what) was confirmed already, at \(end.at.text) by \(end.actor.name) (change \(end.seq))"
      case "cluster.revert":
        "too late: \(what) was taken back at \(end.at.text) (change \(end.seq)), since nobody had confirmed it by "
          + "\(pending.deadline.text); update it again"
      default: "\(what) waits no more: it was taken back at \(end.at.text) by \(end.actor.name) (change \(end.seq))"
      }
    return Refusal(
      .conflict(path: "pendingConfirm", expected: pending.seq, actual: 0),
      "cannot confirm \(context.key.display): \(why)")
  }

  /// Reverts an unconfirmed revision to the configuration of `target`, whatever gates and rules say about it now.
  func revert(to target: Revision) throws -> Plan {
    let existing = try requireExisting(to: "revert")
    guard let config = target.config else {
      throw Refusal.invalid(
        "restores", "cannot revert \(context.key.display) to revision \(target.revision): it is its delete")
    }
    var cluster = existing
    cluster.config = config
    return try plan(
      ClusterIntent(
        verb: "revert", origin: .revert, before: existing, after: cluster, createsRevision: config != existing.config,
        restores: target.revision, notes: [restoreNote(target)], apiVersion: .newest))
  }

  /// The note about the gates and rules that a revert bypasses.
  func bypassed(_ prerequisites: [Prerequisite], _ blocking: [String]) -> [String] {
    let gates = prerequisites.filter { $0.id.isGate && !$0.met }.map(\.id.rawValue)
    var notes: [String] = []
    if !gates.isEmpty {
      notes.append("Passed over these gates, which are not met: \(gates.joined(separator: ", ")).")
    }
    if !blocking.isEmpty {
      notes.append("Passed over these rules, which block: \(blocking.joined(separator: ", ")).")
    }
    return notes
  }
}
