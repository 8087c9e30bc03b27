// A plan: what a request would do, judged, with nothing done yet.

internal import FairleadModel

/// When and by whom a planned change would be recorded.
struct Stamp {
  /// The number that the change would get.
  let seq: Int
  let at: Timestamp
  /// From which deadlines run: unlike `at`, the clocks as they are, also where the wall clock was set back.
  let clocks: Clocks
  let actor: Actor
  let message: String?
}

struct Plan {
  /// Without `seq` and `planDigest`, which say what became of the plan.
  let report: Report
  let effects: Effects
  let resource: Resource
  /// Whether there is anything to record.
  let isRecorded: Bool
  /// Why it may not be committed: a blocking rule or an unmet gate.
  let refusal: Refusal?
  /// The heads that the plan was made on.
  let basis: PlanBasis
}

/// The last change of each head that a plan read; 0 for one that does not exist.
struct PlanBasis: Hashable {
  let subjectSeq: Int
  let featureSeq: Int
  let providerSeq: Int
}
