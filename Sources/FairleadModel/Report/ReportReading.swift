// What a report says without saying it: whether it is a refusal, why, and what matters most.

extension Report {
  /// Whether the daemon refuses what this report is about.
  package var isRefused: Bool { verdict == .blocked || hasUnmetGate }

  /// Who refuses, in one sentence; `nil` where nobody does.
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

  /// The findings by severity, and within one in the daemon's order.
  package var findingsWorstFirst: [Finding] {
    findings.enumerated().sorted { a, b in
      a.element.severity == b.element.severity ? a.offset < b.offset : a.element.severity > b.element.severity
    }.map(\.element)
  }
}
