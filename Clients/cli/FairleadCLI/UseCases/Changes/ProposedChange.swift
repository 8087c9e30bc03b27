// What a change command means once its options are read: plain values, without the parser.

internal import ExactJSON
internal import FairleadModel

/// A change that is to be planned or recorded.
struct ProposedChange: Sendable, Hashable {
  let method: String
  /// The parameters, less those that say how it is recorded: `dryRun`, `planDigest` and `requestId`.
  let params: JSONObject
  /// Where the configuration was read, for the message if it is refused.
  var document: String?
}

/// What is done with a change.
enum ChangeExecution: Sendable, Hashable {
  case record(Recording)
  case plan(PlanOutput)
}

/// How a change is recorded.
struct Recording: Sendable, Hashable {
  /// Whether nobody is to be asked: `--yes`.
  var isConfirmed = false
  /// The plan that is to be recorded, and no other.
  var planDigest: String?
  /// The idempotency key.
  var requestID: String?
}

/// How a plan is shown.
struct PlanOutput: Sendable, Hashable {
  /// Whether the exit code tells changes, no change and refusal apart.
  var detailedExitCode = false
  /// `nil` is what `--output` says.
  var format: ReportFormat?
}

/// When a person is asked before a change is recorded.
enum PromptPolicy: Sendable, Hashable {
  case never
  /// When the report's verdict is high or worse.
  case whenDisruptive
  case always
}

/// Where the report and the result of a change go.
enum ChangeOutputStyle: Sendable, Hashable {
  /// The report is the text output; other forms show the whole answer.
  case fairlead
  /// The report goes to stderr, and stdout has what az would print.
  case az
}
