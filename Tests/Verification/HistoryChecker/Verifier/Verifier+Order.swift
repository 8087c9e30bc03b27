// The order of the log against the clock: whether each change can have happened at an instant that fits all observations.

internal import ExactJSON

extension Verifier {
  /// A bound on when a change happened, and the request that shows it.
  private struct Bound {
    let time: Int
    let operation: OperationID
    let kind: Violation.Kind
    let sentence: String
  }

  /// Looks for an instant for each change. Instants increase along the log; a change happened after its request was sent and
  /// before any reply that shows it, and after the request of any reply that shows the state before it. If for each change the
  /// latest "not yet" is earlier than the earliest "already", such instants exist and the history is linearizable; if not, those
  /// two requests are the violation.
  mutating func checkOrder(_ observations: [Observation]) {
    var notYet = [Bound?](repeating: nil, count: index.lastSeq - index.base + 1)
    var already = notYet
    func place(_ seq: Int) -> Int { seq - index.base }
    func raise(_ seq: Int, _ bound: Bound) {
      if notYet[place(seq)].map({ bound.time > $0.time }) ?? true { notYet[place(seq)] = bound }
    }
    func lower(_ seq: Int, _ bound: Bound) {
      if already[place(seq)].map({ bound.time < $0.time }) ?? true { already[place(seq)] = bound }
    }

    for entry in index.all {
      guard let attempts = entry.message.flatMap({ requests[$0] }) else { continue }
      if let first = attempts.min(by: { $0.invoked < $1.invoked }) {
        raise(
          entry.seq,
          Bound(
            time: first.invoked, operation: first.id, kind: .writeOrder,
            sentence: "\(first.title), change \(entry.seq), was asked for only"))
      }
      for attempt in attempts {
        guard let answer = attempt.answer else { continue }
        switch answer.outcome {
        case .result(let result, _) where result["seq"]?.intValue == entry.seq:
          lower(
            entry.seq,
            Bound(
              time: answer.returned, operation: attempt.id, kind: .writeOrder,
              sentence: "\(attempt.title) was answered with change \(entry.seq)"))
        case .refused(let data) where Self.looked(data) && !wasAnswered(attempts, before: attempt):
          // Had it been recorded, this attempt would have been answered with it.
          raise(
            entry.seq,
            Bound(
              time: attempt.invoked, operation: attempt.id, kind: .falseRefusal,
              sentence: "\(attempt.title), refused, was asked before change \(entry.seq) was made"))
        case .result, .refused: break
        }
      }
    }
    for observation in observations {
      guard observation.moments.count == 1, let span = observation.moments.first else { continue }
      let operation = observation.operation
      let kind: Violation.Kind = observation.isRefusal ? .falseRefusal : .staleRead
      if span.lowerBound > index.base {
        lower(
          span.lowerBound,
          Bound(
            time: observation.returned, operation: operation.id, kind: kind,
            sentence: "\(operation.title) was answered what change \(span.lowerBound) made"))
      }
      if span.upperBound < index.lastSeq {
        raise(
          span.upperBound + 1,
          Bound(
            time: operation.invoked, operation: operation.id, kind: kind,
            sentence: "\(operation.title), answered what was before change \(span.upperBound + 1), was asked"))
      }
    }
    for watch in history.watches {
      for event in watch.events where index[event.seq] != nil {
        lower(
          event.seq,
          Bound(
            time: event.at, operation: watch.operation, kind: .staleRead,
            sentence: "the watch \(watch.operation) brought change \(event.seq)"))
      }
    }

    for place in notYet.indices.dropFirst() {
      if let before = notYet[place - 1], notYet[place].map({ $0.time < before.time }) ?? true { notYet[place] = before }
    }
    for place in already.indices.dropLast().reversed() {
      if let after = already[place + 1], already[place].map({ $0.time > after.time }) ?? true { already[place] = after }
    }
    var told: Set<[OperationID]> = []
    for (late, early) in zip(notYet, already) {
      guard let late, let early, late.time > early.time else { continue }
      let operations = [late.operation, early.operation]
      guard told.insert(operations).inserted else { continue }
      report(
        kind(late.kind, early.kind), operations,
        "\(late.sentence) \(milliseconds(from: early.time, to: late.time)) after \(early.sentence)")
    }
    for observation in observations where observation.moments.count != 1 {
      let fits = observation.moments.contains { span in
        (notYet[place(span.lowerBound)]?.time ?? Int.min) <= observation.returned
          && (span.upperBound == index.lastSeq
            || (already[place(span.upperBound + 1)]?.time ?? Int.max) >= observation.operation.invoked)
      }
      guard !fits else { continue }
      report(
        observation.isRefusal ? .falseRefusal : .staleRead, [observation.operation.id],
        "\(observation.operation.title) was answered what was so at no time between its request and its return")
    }
  }

  /// The violation where one request says "not yet" later than another says "already".
  private func kind(_ late: Violation.Kind, _ early: Violation.Kind) -> Violation.Kind {
    if late == .falseRefusal || early == .falseRefusal { return .falseRefusal }
    if late == .staleRead { return .staleRead }
    return early == .staleRead ? .earlyRead : .writeOrder
  }

  /// Whether the change was acknowledged before this attempt, so that the refusal itself is a violation.
  private func wasAnswered(_ attempts: [Operation], before attempt: Operation) -> Bool {
    attempts.contains { other in
      guard other.result?["seq"]?.intValue != nil, let answer = other.answer else { return false }
      return answer.returned < attempt.invoked
    }
  }

  private func milliseconds(from early: Int, to late: Int) -> String {
    let microseconds = (late - early) / 1000
    let fraction = String(microseconds % 1000)
    return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) ms"
  }
}
