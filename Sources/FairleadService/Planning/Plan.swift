// A plan: what a request would do, and how it is judged. Nothing is done yet.

internal import FairleadModel

/// When and by whom a planned change would be recorded.
struct Stamp {
  /// The number that the change would get.
  let seq: Int
  let at: Timestamp
  /// The start of deadlines: the clocks of the same reading. Unlike `at`, they do not stand still after the wall clock was set
  /// back.
  let clocks: Clocks
  let actor: Actor
  let message: String?

  /// The deadline of a wait that begins with the change: never before the change itself.
  func deadline(seconds: Int) -> Timestamp { seconds == 0 ? at : max(at, clocks.wall).adding(seconds: seconds) }
}

struct Plan {
  /// Without `seq` and `planDigest`, of which a commit sets the one and a dry run the other.
  let report: Report
  let effects: Effects
  let resource: Resource
  /// Whether there is anything to record.
  let isRecorded: Bool
  /// Why it may not be committed: a blocking rule or an unmet gate.
  let refusal: Refusal?
  /// The state that the plan was made on.
  let basis: PlanBasis
}

/// The change that last updated each resource that the plan read; 0 for one that does not exist.
struct PlanBasis: Hashable {
  let subjectSeq: Int
  let featureSeq: Int
  let providerSeq: Int
}
