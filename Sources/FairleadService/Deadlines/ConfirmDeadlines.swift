// Reverts changes that nobody confirmed by their deadline, each as a change by the daemon.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore

struct ConfirmDeadlines: Sendable {
  let planning: PlanningService
  /// The daemon itself.
  let system: Actor
  let incidents: IncidentLog

  /// Reverts of one batch. The commit stage is free after that, so that other writes get their turn.
  private static let revertsPerBatch = 100

  /// Reverts a cluster's unconfirmed change if its deadline had passed at `arrival`: a request that arrived before the deadline
  /// is in time, however long it waited in the queue.
  func revert(_ key: ClusterKey, ifDueAt arrival: Clocks, in batch: WriteBatch) throws {
    func isDue() throws -> Bool {
      try batch.readView.entry(key)?.pendingConfirm.map { $0.remaining(arrival) <= 0 } ?? false
    }
    guard try isDue() else { return }
    try believeLog(of: key, in: batch)
    guard try isDue() else { return }
    try batch.perform { try revert(key, in: batch) }
  }

  /// Reverts what had passed its deadline at `arrival`, as much as one batch may. What cannot be reverted is logged and does not
  /// prevent the others.
  func revertAll(dueAt arrival: Clocks, in batch: WriteBatch) throws -> PendingWrite.RevertResult {
    var result = PendingWrite.RevertResult.allReverted
    let corrections = batch.state.corrections
    let due = try batch.read { try $0.dueConfirms(arrival, limit: Self.revertsPerBatch, corrections: corrections) }
    for key in due {
      do {
        // Where the log says something else, the next batch sees whether that is due.
        guard try believeLog(of: key, in: batch) else { continue }
        try batch.perform { try revert(key, in: batch) }
      } catch let aborted as BatchAborted {
        throw aborted
      } catch {
        result = .someFailed
        let reason = incidents.refusal(for: error).message
        incidents.log("an unconfirmed change of \(key.display) could not be taken back: \(reason)")
      }
    }
    return result
  }

  /// Compares what a cluster waits for with the log, since a revert is recorded for good and the row it comes of may not have been
  /// compared yet, or was changed since. Returns whether both are the same; otherwise the batch goes on with what the log says.
  @discardableResult
  private func believeLog(of key: ClusterKey, in batch: WriteBatch) throws -> Bool {
    let entry = try batch.readView.entry(key)
    let logged = try batch.read { try $0.loggedCluster(key.folded) }
    // What is due comes of the row, also where memory knows better.
    let isWaiting = entry?.pendingConfirm != nil
    if isWaiting, entry?.equals(logged) == true { return true }
    batch.correct(key.folded, logged)
    incidents.noteDifference(
      "the row of \(key.folded) in the table cluster", "waits for a deadline that the log does not have", others: 0)
    return false
  }

  private func revert(_ key: ClusterKey, in batch: WriteBatch) throws {
    let view = batch.readView
    guard let cluster = try view.cluster(key), let pending = cluster.pendingConfirm,
      let target = try view.read({ try $0.revision(pending.restores, of: key) })
    else {
      throw LedgerError(
        .corrupt, "cannot take back what \(key.display) waits for: the log has no revision to go back to",
        remedy: "stop fairleadd and restore the database from a backup")
    }
    let options = ChangeOptions(
      message:
        "not confirmed by \(pending.deadline.text): revision \(pending.revision) of change \(pending.seq) taken back")
    let stamp = planning.stamp(options, by: system, on: view, notBefore: pending.deadline)
    let plan = try planning.clusterPlan(cluster.key, leadsTo: target.config?.mode, options, stamp, on: view) {
      try $0.revert(to: target)
    }.plan
    try batch.append(
      Change(
        plan, method: Change.revertMethod, stamp: stamp,
        params: [
          "seq": .integer(pending.seq), "revision": .integer(pending.revision), "restores": .integer(pending.restores),
        ]))
  }
}
