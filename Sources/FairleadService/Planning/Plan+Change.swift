// From a plan to the change that records it, and to what its caller is answered.

internal import ExactJSON
internal import FairleadModel

extension Change {
  /// Records `plan`. `answered` is the resource that the caller gets, where it is not the plan's own.
  init(_ plan: Plan, method: String, stamp: Stamp, requestID: String? = nil, params: JSON, answered: JSON? = nil) {
    var report = plan.report
    report.seq = stamp.seq
    self.init(
      seq: stamp.seq, at: stamp.at, method: method, kind: plan.resource.kind, subject: report.subject,
      actor: stamp.actor, message: stamp.message, requestID: requestID, params: params, report: report,
      effects: plan.effects, answered: answered)
  }
}

extension ChangeOutcome {
  /// What a request is answered that records nothing: a dry run, or a change without effect.
  init(unrecorded report: Report, _ resource: Resource) {
    var revision: Int?
    if case .cluster(let cluster) = resource { revision = cluster.revision }
    self.init(seq: nil, report: report, revision: revision, kind: resource.kind, resource: resource.text)
  }

  /// What a recorded change is answered, now and when its request is repeated. `report` and `resource` are encoded, where the
  /// caller has them so.
  init(recorded change: Change, report: [UInt8]? = nil, resource: [UInt8]? = nil) {
    self.init(
      seq: change.seq, report: change.report, reportText: report, revision: change.effects.cluster?.revision,
      kind: change.kind, resource: resource ?? change.answeredResource)
  }
}

extension ChangeOptions {
  /// The parameters without the plan digest, to tell whether two requests are the same: a caller who lost the reply and plans
  /// anew before it repeats the request sends another digest and means the same change.
  static func withoutDigest(_ params: JSON) -> JSON {
    .object(JSONObject((params.objectValue?.members ?? []).filter { $0.key != "planDigest" }))
  }
}
