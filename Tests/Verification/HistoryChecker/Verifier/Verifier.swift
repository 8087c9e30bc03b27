// Verifies a history: a pure function of what the clients recorded and the final log.

internal import ExactJSON

/// Finds the violations in a history.
///
/// The log gives the order of all changes, so no order has to be searched for: it remains to show that this order explains what
/// every client saw, and when. docs/correctness.md has the argument.
package struct Verifier {
  let history: History
  let index: LogIndex
  /// Every request, an apply as its single changes.
  let operations: [Operation]
  /// The requests for each change, by its message, which nothing else carries: several where it was retried.
  let requests: [String: [Operation]]
  /// The changes in the log, by their message.
  let recorded: [String: [LogEntry]]
  /// Changes after which there was no visible moment, since they are within an apply.
  let seams: [Int: ClosedRange<Int>]
  var found: [Violation] = []

  /// Every violation, in the order of the checks.
  package static func violations(in history: History) -> [Violation] {
    var verifier = Verifier(history)
    verifier.checkLog()
    verifier.checkChanges()
    verifier.checkApplies()
    verifier.checkEffects()
    let observations = verifier.observations()
    verifier.checkOrder(observations)
    verifier.checkSessions(observations)
    verifier.checkWatches()
    return verifier.found
  }

  private init(_ history: History) {
    self.history = history
    index = LogIndex(history.log, base: history.base)
    operations = history.operations.flatMap(\.parts)
    let changes = operations.filter { $0.isChange && $0.message != nil }
    requests = Dictionary(grouping: changes) { $0.message ?? "" }
    recorded = Dictionary(grouping: index.all.filter { $0.message != nil }) { $0.message ?? "" }
    seams = Self.seams(of: history.operations, recorded)
  }

  mutating func report(_ kind: Violation.Kind, _ operations: [OperationID], _ sentence: String) {
    found.append(Violation(kind, operations, sentence))
  }
}
