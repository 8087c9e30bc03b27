// What follows from a report: whether the change is refused, why, and which findings matter most.

extension Report {
  /// Whether the daemon refuses the change. A recorded change was not refused, whatever its verdict: a revert passes gates.
  package var isRefused: Bool { seq == nil && (verdict == .blocked || hasUnmetGate) }

  /// Which rules or gates refuse it, in one sentence; `nil` where none does.
  package var refusal: String? {
    guard isRefused else { return nil }
    let rules = findings.filter { $0.severity == .blocked && !$0.standing }.map(\.rule).joined(separator: ", ")
    let gates = prerequisites.filter { $0.id.isGate && !$0.met }.map(\.id.rawValue).joined(separator: ", ")
    switch (rules.isEmpty, gates.isEmpty) {
    case (true, true): return "Refused."
    case (false, true): return "Refused by \(rules)."
    case (true, false): return "Refused until this is met: \(gates)."
    case (false, false): return "Refused by \(rules), and until this is met: \(gates)."
    }
  }

  /// That the change is reverted unless it is confirmed, and what a revert leaves behind, a sentence each.
  package var confirmation: [String] {
    guard let pendingConfirm else { return [] }
    let when =
      switch (pendingConfirm.deadline, pendingConfirm.seconds) {
      case (let deadline?, let seconds?):
        "at \(deadline.toTheSecond), \(duration(seconds)) after it was recorded,"
      case (let deadline?, nil): "at \(deadline.toTheSecond)"
      case (nil, let seconds?): "\(duration(seconds)) after it is recorded"
      case (nil, nil): ""
      }
    let first =
      "Reverts by itself \(when) to revision \(pendingConfirm.restores), unless '\(pendingConfirm.command)' follows."
    guard !pendingConfirm.caveats.isEmpty else { return [first] }
    let rules = pendingConfirm.caveats.joined(separator: ", ")
    return [first, "The revert is not clean: what \(rules) says stays behind on the nodes."]
  }

  /// The findings by severity, and within one in the daemon's order.
  package var findingsWorstFirst: [Finding] {
    findings.enumerated().sorted { a, b in
      a.element.severity == b.element.severity ? a.offset < b.offset : a.element.severity > b.element.severity
    }.map(\.element)
  }
}

extension Timestamp {
  /// `2026-11-22 21:04:45 UTC`, for a person.
  package var toTheSecond: String { "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC" }
}

/// `10 min`, `1 h 30 min`: a number of seconds in at most two units, for a person.
private func duration(_ count: Int) -> String {
  let names = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
  var rest = count
  let parts = names.compactMap { seconds, name -> String? in
    let number = rest / seconds
    rest %= seconds
    return number > 0 ? "\(number) \(name)" : nil
  }
  return parts.prefix(2).joined(separator: " ")
}
