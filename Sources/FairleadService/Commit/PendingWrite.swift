// A write on its way through the commit queue: what is asked, by whom, and who gets the result.

package import ExactJSON
package import FairleadModel

package struct PendingWrite: Sendable {
  /// Called with the result, perhaps before that is durable. What it returns is called once the result is durable and published, or
  /// is a refusal; it runs on the commit stage, which it must not block. So a reply can be encoded before the disk is waited for.
  ///
  /// Where a batch is prepared again, it is called again, and what it returned before is dropped. So it has no effect by itself.
  /// A write that is refused at the door is refused on its submitter's thread.
  package typealias Completion<Value> = @Sendable (Result<Value, Refusal>) -> @Sendable () -> Void

  /// What is asked, with the completion that takes a result of its type.
  package enum Operation: Sendable {
    case change(ChangeRequest, ChangeOptions, Completion<ChangeOutcome>)
    /// `encode` encodes a result for the wire. The log keeps results in that form if no change contains them, so that a
    /// repeated request gets the same reply.
    case apply(ApplyRequest, encode: @Sendable (ApplyResult) -> JSON, Completion<AppliedOutcome>)
    /// The daemon's own: settles the registrations that are due, as many as one batch may.
    case settle(Completion<SettleResult>)
    /// The daemon's own: reverts one cluster's unconfirmed change if its deadline has passed.
    case revert(ClusterKey, Completion<Void>)
    /// The daemon's own: reverts every unconfirmed change whose deadline has passed, as many as one batch may.
    case revertDue(Completion<RevertResult>)
  }

  /// What came of `apply`.
  package enum AppliedOutcome: Sendable {
    case new(ApplyOutcome)
    /// The same request was recorded before. `Registry.outcome(of:)` has its answer, which is too long to be read here.
    case repeated(EarlierApply)
  }

  /// A request that was recorded before, under its idempotency key.
  package struct EarlierApply: Sendable {
    let request: ApplyRequest
    /// The last change that it recorded, which has the rest of what the answer needs.
    let last: Change

    /// The number of that change.
    package var seq: Int { last.seq }
  }

  /// What came of `settle`.
  package enum SettleResult: Sendable {
    case allSettled
    /// The batch has as many as it may; the next one has more.
    case moreAreDue
  }

  /// What came of `revertDue`.
  package enum RevertResult: Sendable {
    case allReverted
    /// Some could not be reverted; each is in the daemon's log.
    case someFailed
  }

  package let operation: Operation
  package let actor: Actor
  /// When it was submitted: deadlines are judged by this, not by when it gets to the front of the queue.
  package let arrival: Clocks
  /// The length of the line that it came in, as a measure of the memory that it holds.
  package let bytes: Int
  /// The connection that it came from; `nil` for the daemon's own. Each has its turn.
  package let sender: ObjectIdentifier?

  package init(
    _ operation: Operation, by actor: Actor, arrival: Clocks, bytes: Int = 0, from sender: ObjectIdentifier? = nil
  ) {
    self.operation = operation
    self.actor = actor
    self.arrival = arrival
    self.bytes = bytes
    self.sender = sender
  }

  /// The changes that it may record, as a measure of the time that it takes.
  var changes: Int {
    if case .apply(let request, _, _) = operation { request.changes.count } else { 1 }
  }

  /// Completes it without having done anything.
  func refuse(_ refusal: Refusal) {
    switch operation {
    case .change(_, _, let completion): completion(.failure(refusal))()
    case .apply(_, _, let completion): completion(.failure(refusal))()
    case .settle(let completion): completion(.failure(refusal))()
    case .revert(_, let completion): completion(.failure(refusal))()
    case .revertDue(let completion): completion(.failure(refusal))()
    }
  }
}
