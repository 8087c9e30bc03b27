// Settles registrations whose time has come, each step as a change by the daemon.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore

struct RegistrationDeadlines: Sendable {
  let planning: PlanningService
  /// The daemon itself.
  let system: Actor

  /// Records every step that is due at `time`.
  func settle(dueAt time: Timestamp, in batch: WriteBatch) throws {
    while let next = batch.state.nextSettle, next.pending.dueAt <= time {
      let view = batch.readView
      let stamp = planning.stamp(ChangeOptions(), by: system, on: view, notBefore: next.pending.dueAt)
      guard let plan = try planning.settlePlan(next.resource, stamp, on: view) else { return }
      try batch.append(
        Change(
          plan, method: "\(next.resource.kind.rawValue).settle", stamp: stamp,
          params: ["requestedSeq": .integer(next.pending.requestedSeq)]))
    }
  }
}
