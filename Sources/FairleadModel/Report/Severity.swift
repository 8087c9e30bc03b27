// The two scales of a finding: how severe it is, and how certain.

/// A finding's severity and a report's verdict, from no impact to refused.
package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
  case none
  case info
  case low
  /// Behaviour or balance changes.
  case medium
  /// Connections break, or a policy has a gap.
  case high
  /// Service loss is to be expected.
  case critical
  /// Refused without an override.
  case blocked

  private var rank: Int {
    switch self {
    case .none: 0
    case .info: 1
    case .low: 2
    case .medium: 3
    case .high: 4
    case .critical: 5
    case .blocked: 6
    }
  }

  package static let worstFirst = allCases.sorted(by: >)

  package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
}

/// How certain a finding is.
package enum Certainty: String, Sendable, Hashable, CaseIterable {
  case will
  /// No fact that Fairlead knows of would settle it.
  case may
  /// A fact that would settle it is missing; the finding names it.
  case unknown
}
