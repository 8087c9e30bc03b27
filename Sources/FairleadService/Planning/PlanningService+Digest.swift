// Compares a change's plan with the digest of the plan that its caller saw, and shows what moved in between.

internal import FairleadModel
internal import FairleadStore

extension PlanningService {
  /// Refuses unless `text` is the digest of the plan whose digest is `plan`. The refusal has the parts that moved, and the
  /// changes that moved them as far as they concern this subject or its gates.
  func checkDigest(_ text: String, is plan: PlanDigest, of request: ChangeRequest, on view: ReadView) throws {
    guard let expected = PlanDigest(text) else {
      throw Refusal.invalid(
        "planDigest", "cannot take this plan digest: it is none that a plan printed; plan again and copy its last line")
    }
    let lastSeq = view.state.seq
    if let future = [expected.basis.subjectSeq, expected.basis.featureSeq, expected.basis.providerSeq].max(),
      future > lastSeq
    {
      throw Refusal.invalid(
        "planDigest",
        "cannot take this plan digest: it was made on change \(future), and the last one here is \(lastSeq); plan again"
      )
    }
    let moved = plan.moved(since: expected, kind: request.kind)
    guard !moved.isEmpty else { return }
    throw Refusal(
      .planStale(moved: moved.map(\.name), changes: try changes(behind: moved, of: request, on: view)),
      "cannot commit this plan: \(moved.map(\.text).joined(separator: " and ")) moved since it was made; plan again")
  }

  /// The changes that moved the parts of a plan, in order; the last `Limits.movedChanges` of them.
  private func changes(
    behind moved: [MovedPart], of request: ChangeRequest, on view: ReadView
  ) throws -> [Change] {
    var changes: [Change] = []
    for part in moved {
      guard let lastSeqs = part.lastSeqs else { continue }
      if let key = request.clusterKey, part.name == ResourceKind.cluster.rawValue {
        changes += try view.read { try $0.lastChanges(of: key, after: lastSeqs.was, limit: Limits.movedChanges) }
      } else if !changes.contains(where: { $0.seq == lastSeqs.isNow }),
        let change = try view.read({ try $0.change(seq: lastSeqs.isNow) })
      {
        changes.append(change)
      }
    }
    return Array(changes.sorted { $0.seq < $1.seq }.suffix(Limits.movedChanges))
  }
}
