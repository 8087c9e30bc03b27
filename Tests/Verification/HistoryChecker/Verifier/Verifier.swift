// Judges a history: pure, over the record of what was seen and the final log.

internal import ExactJSON

/// Finds everything in a history that may not be there.
///
/// The log gives the order of all changes, so there is no order to search for: what is left to show is that this order
/// explains what everybody saw and when. docs/correctness.md has the argument.
package struct Verifier {
  let history: History
  let index: LogIndex
  /// Everything that was asked, an apply as the changes that it asks for.
  let operations: [Operation]
  /// The requests for each change: one, or several where it was retried. By the message, which only they carry.
  let requests: [String: [Operation]]
  /// The changes that the log has for each message.
  let recorded: [String: [LogEntry]]
  /// Changes after which there was no moment, since an apply went on.
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
