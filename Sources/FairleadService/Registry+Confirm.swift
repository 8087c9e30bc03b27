// Takes back, at its deadline, what nobody confirmed.

internal import ExactJSON
package import FairleadModel
internal import FairleadStore

/// Thrown by a dry run that met a cluster whose deadline has passed: the revert comes first.
struct Overdue: Error {
  let key: ClusterKey
}

extension Registry {
  static let revertMethod = "cluster.revert"

  /// Reverts of one group: the writer is let go in between, so that others get their turn.
  private static let revertsAtOnce = 100

  /// Takes back everything whose deadline has passed, and answers the milliseconds until it is to be looked at again;
  /// `nil` where nothing waits.
  package func revertDue() throws(Refusal) -> Int? {
    while let remaining = try nextDeadline() {
      guard remaining <= 0 else { return remaining }
      guard case .done = try write(.takeBack(nil), by: system) else { return Limits.confirmLookSeconds * 1000 }
    }
    return nil
  }

  /// How many clusters wait to be confirmed, and the earliest deadline.
  package func pendingConfirms() throws(Refusal) -> (count: Int, first: Timestamp?) {
    try answering { try self.ledger.read { try $0.pendingConfirms() } }
  }

  private func nextDeadline() throws(Refusal) -> Int? {
    try answering { try self.ledger.read { try $0.nextConfirm(self.clocks)?.remaining } }
  }

  /// Runs `body`, a dry run, again after each revert that it has to wait for: those of its own clusters, while the others
  /// are left to whoever settles.
  func afterReverts<Value>(_ body: () throws -> Value) throws -> Value {
    while true {
      do {
        return try body()
      } catch let overdue as Overdue {
        _ = try write(.takeBack(overdue.key), by: system)
      }
    }
  }

  // MARK: In a group

  /// Takes one cluster's change back, where its deadline had passed at `arrival`: before that a request is in time,
  /// however long it waited for its turn.
  func takeBackIfDue(_ key: ClusterKey, _ arrival: Clocks, in group: Group) throws {
    guard let pending = try group.ground.head(key)?.pendingConfirm, pending.remaining(arrival) <= 0 else { return }
    try group.attempt { try self.revert(key, in: group) }
  }

  /// Takes back what had passed its deadline at `arrival`, as much as one group may, and answers whether all of that could
  /// be taken back: what cannot holds up none of the others.
  func takeBackAllDue(_ arrival: Clocks, in group: Group) throws -> Bool {
    var isComplete = true
    for key in try group.read({ try $0.dueConfirms(arrival, limit: Self.revertsAtOnce) }) {
      do {
        try group.attempt { try self.revert(key, in: group) }
      } catch let lost as GroupLost {
        throw lost
      } catch {
        isComplete = false
        log("an unconfirmed change of \(key.display) could not be taken back: \(refusal(for: error).message)")
      }
    }
    return isComplete
  }

  private func revert(_ key: ClusterKey, in group: Group) throws {
    let ground = group.ground
    guard let cluster = try ground.cluster(key), let pending = cluster.pendingConfirm,
      let target = try ground.read({ try $0.revision(pending.restores, of: key) })
    else {
      throw LedgerError(
        .corrupt,
        "cannot take back what \(key.display) waits for: there is no revision to go back to; restore the database from a "
          + "backup")
    }
    let options = ChangeOptions(
      message:
        "not confirmed by \(pending.deadline.text): revision \(pending.revision) of change \(pending.seq) taken back")
    let stamp = stamp(options, by: system, on: ground)
    let plan = try clusterPlan(cluster.key, leadsTo: target.config?.mode, options, stamp, on: ground) { planner in
      try planner.revert(to: target)
    }.plan
    try group.append(
      record(
        plan, method: Self.revertMethod, stamp: stamp, requestID: nil,
        params: [
          "seq": .integer(pending.seq), "revision": .integer(pending.revision), "restores": .integer(pending.restores),
        ], answered: nil))
  }
}
