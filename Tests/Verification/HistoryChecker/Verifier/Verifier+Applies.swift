// Each apply as a whole: all or none of it is recorded, consecutively and in order, and nobody sees part of it.

internal import ExactJSON

extension Verifier {
  mutating func checkApplies() {
    let applies = history.operations.filter(\.isApply)
    for apply in applies {
      let entries = self.entries(of: apply)
      guard let first = entries.first, let last = entries.last else { continue }
      if apply.isAtomic, entries.count < apply.parts.count {
        report(
          .tornApply, [apply.id],
          "\(apply.title) asked for \(apply.parts.count) changes, all or none, and the log has \(entries.count) of them: "
            + entries.map { "\($0.seq)" }.joined(separator: ", "))
      } else if entries.map(\.seq) != Array(first.seq..<first.seq + entries.count) {
        report(
          .tornApply, [apply.id],
          "the changes of \(apply.title) do not stand in a row and in order: "
            + entries.map { "\($0.seq)" }.joined(separator: ", "))
      } else if let seq = apply.result?["seq"]?.intValue, seq != last.seq, isComplete(apply, entries) {
        report(
          .changedChange, [apply.id],
          "\(apply.title) was answered with change \(seq) as its last, and that is \(last.seq)")
      }
    }
    checkRepeats(applies)
  }

  /// The changes of an apply that are in the log, in the order of the request.
  private func entries(of apply: Operation) -> [LogEntry] {
    apply.parts.compactMap { $0.message }.compactMap { recorded[$0]?.first }
  }

  /// Whether the log holds exactly the acknowledged changes of an apply.
  private func isComplete(_ apply: Operation, _ entries: [LogEntry]) -> Bool {
    apply.parts.count { $0.result?["seq"]?.intValue != nil } == entries.count
  }

  /// Retries of a request are answered with the same bytes.
  private mutating func checkRepeats(_ applies: [Operation]) {
    let kept = applies.filter { $0.params["requestId"] != nil && $0.result?["seq"]?.intValue != nil }
    for (_, attempts) in Dictionary(grouping: kept, by: { $0.params["requestId"] }) {
      let attempts = attempts.sorted { $0.invoked < $1.invoked }
      guard let first = attempts.first, let expected = first.resultBytes else { continue }
      for attempt in attempts.dropFirst() where attempt.resultBytes != expected {
        report(
          .replayDiffers, [first.id, attempt.id],
          "\(attempt.title) repeats \(first.title) and was answered other bytes: "
            + "\(String(decoding: attempt.resultBytes ?? [], as: UTF8.self)) for \(String(decoding: expected, as: UTF8.self))"
        )
      }
    }
  }

  // MARK: Moments

  /// For each change of an apply but its last, the last one: between them there was no moment that anybody could see.
  static func seams(of operations: [Operation], _ recorded: [String: [LogEntry]]) -> [Int: ClosedRange<Int>] {
    var seams: [Int: ClosedRange<Int>] = [:]
    for apply in operations where apply.isApply {
      let seqs = apply.parts.compactMap { $0.message }.compactMap { recorded[$0]?.first?.seq }
      guard let first = seqs.min(), let last = seqs.max(), last - first == seqs.count - 1 else { continue }
      for seq in first..<last { seams[seq] = first...last }
    }
    return seams
  }

  /// The moments without those within an apply, which nobody may see.
  func whole(_ moments: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    moments.compactMap { span in
      let low = seams[span.lowerBound]?.upperBound ?? span.lowerBound
      let high = seams[span.upperBound].map { $0.lowerBound - 1 } ?? span.upperBound
      return low <= high ? low...high : nil
    }
  }
}

extension Operation {
  /// The bytes of the result in the reply.
  fileprivate var resultBytes: [UInt8]? {
    if case .result(_, let bytes) = answer?.outcome { bytes } else { nil }
  }
}
