// The exit codes: one for each outcome that a script tells apart.

internal import FairleadModel

/// An exit code of `fairlead`.
enum CommandStatus: Int32, Sendable, Hashable, CaseIterable {
  case done = 0
  /// Failed, or declined at the confirmation prompt.
  case failed = 1
  /// `plan --detailed-exitcode`: the plan changes something.
  case changes = 2
  case notFound = 3
  /// A rule or an unmet gate refuses the change.
  case refused = 4
  /// The base, the plan or the idempotency key is out of date.
  case conflict = 5
  case unreachable = 6
  case usage = 64

  /// The exit code for an error of the daemon. A kind that this command does not know is a plain failure.
  init(_ code: ErrorCode?) {
    self =
      switch code {
      case .parseError, .invalidRequest, .unknownMethod, .invalidParams, .tooLarge: .usage
      case .notFound: .notFound
      case .blocked, .prerequisite: .refused
      case .conflict, .planStale, .alreadyExists, .requestIDReused: .conflict
      case .internal, .denied, .busy, .unavailable, nil: .failed
      }
  }
}
