// Registration steps: taken before the next change is planned, and when they become due while nobody asks for anything.

internal import ExactJSON
package import FairleadModel
internal import FairleadStore

extension Registry {
  /// The registry's clock.
  package var time: Timestamp { now() }

  /// Takes every step that is due now, and answers when the next one is; `nil` where none is waiting.
  package func settleDue() throws(Refusal) -> Timestamp? {
    guard let next = published.heads.nextSettle, next.pending.dueAt <= now() else {
      return published.heads.nextSettle?.pending.dueAt
    }
    _ = try write(.settle, by: system)
    return published.heads.nextSettle?.pending.dueAt
  }

  /// Takes every registration step that is due, each as a change of the daemon's own.
  func settle(dueAt time: Timestamp, in group: Group) throws {
    while let next = group.heads.nextSettle, next.pending.dueAt <= time {
      let stamp = stamp(ChangeOptions(), by: system, on: group.ground)
      guard let key = next.resource.providerKey else { return }
      let context = try context(key, on: group.ground)
      guard var plan = RegistrationPlanner(context: context, stamp: stamp).settle(next.resource) else { return }
      if plan.report.affected.clusters > 0 {
        let planner = RegistrationPlanner(context: try named(context, on: group.ground), stamp: stamp)
        plan = planner.settle(next.resource) ?? plan
      }
      try group.append(
        record(
          plan, method: "\(next.resource.kind.rawValue).settle", stamp: stamp, requestID: nil,
          params: ["requestedSeq": .integer(next.pending.requestedSeq)], answered: nil))
    }
  }
}
