// Takes back, at its deadline, what nobody confirmed.

internal import FairleadJSON
package import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Thrown out of a transaction that met a cluster whose deadline has passed: the revert comes first, in a transaction of
/// its own, so that it stays whatever comes of the request.
struct Overdue: Error {
  let key: ClusterKey
}

extension Registry {
  /// Both clocks, now.
  var clocks: Clocks { Clocks(wall: now(), boot: bootTime()) }

  /// Reverts in one transaction: the writer is let go in between, so that others get their turn.
  private static let revertsAtOnce = 100

  /// Takes back everything whose deadline has passed, and answers the milliseconds until the next deadline; `nil` where
  /// nothing waits.
  package func revertDue() throws(Refusal) -> Int? {
    try answering {
      guard let next = try self.ledger.read({ try $0.nextConfirm(self.clocks) }) else { return nil }
      return next.remaining > 0 ? next.remaining : try self.takeBack()
    }
  }

  /// How many clusters wait to be confirmed, and the earliest deadline.
  package func pendingConfirms() throws(Refusal) -> (count: Int, first: Timestamp?) {
    try answering { try self.ledger.read { try $0.pendingConfirms() } }
  }

  /// Runs `body`, a transaction, again after each revert that it has to wait for: its own cluster's, while the others are
  /// left to whoever settles, since one request would wait for them all. One over many clusters may meet one after the
  /// other, and lets all of them go first.
  func afterReverts<Value>(ofAll: Bool = false, _ body: () throws -> Value) throws -> Value {
    while true {
      do {
        return try body()
      } catch let overdue as Overdue {
        if ofAll { _ = try takeBack() } else { try takeBack(overdue.key) }
      }
    }
  }

  /// Takes one cluster's change back, unless somebody else has meanwhile.
  private func takeBack(_ key: ClusterKey) throws {
    try reverting.withLock { (_) throws in
      let change: Change? = try ledger.write { writer in
        guard let cluster = try writer.reader.cluster(key), let pending = cluster.pendingConfirm,
          pending.remaining(clocks) <= 0
        else { return nil }
        return try revert(cluster, in: writer)
      }
      if let change { onRevert(change) }
    }
  }

  private func takeBack() throws -> Int? {
    // One thread at a time, so that reverts are told in the order of the log, and each after it is durable.
    try reverting.withLock { (_) throws -> Int? in
      while true {
        let (changes, remaining) = try takeBackSome()
        changes.forEach(onRevert)
        guard let remaining, remaining <= 0 else { return remaining }
      }
    }
  }

  /// The reverts of one transaction, and the milliseconds until the next deadline.
  private func takeBackSome() throws -> (changes: [Change], remaining: Int?) {
    try ledger.write { writer in
      var changes: [Change] = []
      while let next = try writer.reader.nextConfirm(clocks) {
        guard next.remaining <= 0, changes.count < Self.revertsAtOnce else { return (changes, next.remaining) }
        changes.append(try revert(next.cluster, in: writer))
      }
      return (changes, nil)
    }
  }

  private func revert(_ cluster: Cluster, in writer: LedgerWriter) throws -> Change {
    guard let pending = cluster.pendingConfirm,
      let target = try writer.reader.revision(pending.restores, of: cluster.key)
    else {
      throw LedgerError(
        .corrupt,
        "cannot take back what \(cluster.key.display) waits for: there is no revision to go back to; restore the database "
          + "from a backup")
    }
    let options = ChangeOptions(
      message:
        "not confirmed by \(pending.deadline.text): revision \(pending.revision) of change \(pending.seq) taken back")
    let stamp = try stamp(options, by: system, in: writer.reader)
    let plan = try clusterPlan(
      cluster.key, leadsTo: target.config?.mode, mayBeOverdue: true, options, stamp, in: writer.reader, Registrations()
    ) { planner in try planner.revert(to: target) }.plan
    let change = record(
      plan, method: "cluster.revert", stamp: stamp, requestID: nil,
      params: [
        "seq": .integer(pending.seq), "revision": .integer(pending.revision), "restores": .integer(pending.restores),
      ], answered: nil)
    try writer.append(change)
    return change
  }
}
