// What the one writer is asked to do, and what comes of it.

package import ExactJSON
package import FairleadModel

/// A request that may change the ledger.
package enum WriteRequest: Sendable {
  case change(ChangeRequest, ChangeOptions)
  /// `encode` writes a result as the wire carries it; what a repeat of the request could not find in the log is kept in
  /// that form.
  case apply(ApplyRequest, encode: @Sendable (ApplyResult) -> JSON)
  /// The daemon's own: settle every registration whose time has come.
  case settle
  /// The daemon's own: take back what nobody confirmed; one cluster's change, or all that are due.
  case takeBack(ClusterKey?)
}

package enum WriteOutcome: Sendable {
  case change(ChangeOutcome)
  case apply(ApplyOutcome)
  /// One of the daemon's own steps is done.
  case done
  /// Taking back met changes that it could not take back; the log has them.
  case failedSome
}

/// A request on its way through the writer.
package struct WriteTicket: Sendable {
  package let request: WriteRequest
  package let actor: Actor
  /// When it came in: whether a deadline has passed is judged by that, and not by when its turn comes.
  package let arrival: Clocks
  /// The bytes of the line that asked, as a measure of what it holds in memory.
  package let bytes: Int
  /// Hears of the outcome once it is durable and published; on the writer's thread, which it must not hold up.
  package let answer: @Sendable (Result<WriteOutcome, Refusal>) -> Void

  package init(
    _ request: WriteRequest, by actor: Actor, arrival: Clocks, bytes: Int = 0,
    answer: @escaping @Sendable (Result<WriteOutcome, Refusal>) -> Void
  ) {
    self.request = request
    self.actor = actor
    self.arrival = arrival
    self.bytes = bytes
    self.answer = answer
  }
}

/// A bug that is planted on purpose, so that the checker of histories can show that it finds it. No flag of the daemon
/// reaches it; see docs/correctness.md.
package enum InjectedFault: String, Sendable, CaseIterable {
  /// A change is answered before it is on disk.
  case answersBeforeCommit
  /// Readers see a change before it is on disk.
  case publishesBeforeCommit
  /// A watch passes over a change now and then.
  case skipsWatchedChange
}
