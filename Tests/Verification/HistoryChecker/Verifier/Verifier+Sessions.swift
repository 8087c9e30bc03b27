// The order that one connection may rely on, however many requests it has in flight.

internal import ExactJSON

extension Verifier {
  /// A connection's changes are recorded in the order in which it sent them, and its reads show the changes sent before.
  mutating func checkSessions(_ observations: [Observation]) {
    let moments = Dictionary(observations.map { ($0.operation.id, $0.moments) }) { first, _ in first }
    for (_, operations) in Dictionary(grouping: self.operations, by: \.connection).sorted(by: { $0.key < $1.key }) {
      var last: (operation: Operation, seq: Int)?
      for operation in operations {
        if let seen = moments[operation.id]?.last, let last, seen.upperBound < last.seq {
          report(
            operation.refusal == nil ? .ownWriteUnseen : .falseRefusal, [last.operation.id, operation.id],
            "\(operation.title) was answered what was before change \(last.seq), which its own connection had asked for "
              + "before it as \(last.operation.title)")
        }
        guard let seq = operation.result?["seq"]?.intValue, operation.isChange, isFirst(operation) else { continue }
        if let last, seq < last.seq {
          report(
            .requestsReordered, [last.operation.id, operation.id],
            "\(operation.title) was sent after \(last.operation.title) on one connection, and is change \(seq) before "
              + "change \(last.seq)")
        }
        last = (operation, seq)
      }
    }
  }

  /// Whether this is the first attempt at its change.
  private func isFirst(_ operation: Operation) -> Bool {
    let attempts = operation.message.flatMap { requests[$0] } ?? []
    return attempts.allSatisfy { $0.invoked >= operation.invoked }
  }
}
