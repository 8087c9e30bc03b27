// Holds a change against the plan that its digest stands for, and shows what moved where it is another.

internal import FairleadModel
internal import FairleadStore

extension Registry {
  /// Refuses unless `text` is the digest of `plan`. The refusal carries the parts that moved, and the changes that moved
  /// them as far as they are of this subject or its gates.
  func checkPin(
    _ text: String, is plan: PlanDigest, of request: ChangeRequest, on ground: Ground
  ) throws {
    guard let expected = PlanDigest(text) else {
      throw Refusal.invalid(
        "planDigest", "cannot take this plan digest: it is none that a plan printed; plan again and copy its last line")
    }
    let head = ground.heads.seq
    if let future = [expected.basis.subjectSeq, expected.basis.featureSeq, expected.basis.providerSeq].max(),
      future > head
    {
      throw Refusal.invalid(
        "planDigest",
        "cannot take this plan digest: it was made on change \(future), and the last one here is \(head); plan again")
    }
    let moved = plan.moved(since: expected, kind: request.kind)
    guard !moved.isEmpty else { return }
    throw Refusal(
      .planStale(moved: moved.map(\.name), changes: try changes(behind: moved, of: request, on: ground)),
      "cannot commit this plan: \(moved.map(\.text).joined(separator: " and ")) moved since it was made; plan again")
  }

  /// The changes that moved a plan's heads, in order, of many the last `Limits.movedChanges`.
  private func changes(
    behind moved: [MovedPart], of request: ChangeRequest, on ground: Ground
  ) throws -> [Change] {
    var changes: [Change] = []
    for part in moved {
      guard let heads = part.heads else { continue }
      if let key = request.clusterKey, part.name == ResourceKind.cluster.rawValue {
        changes += try ground.read { try $0.lastChanges(of: key, after: heads.was, limit: Limits.movedChanges) }
      } else if !changes.contains(where: { $0.seq == heads.isNow }),
        let change = try ground.read({ try $0.change(seq: heads.isNow) })
      {
        changes.append(change)
      }
    }
    return Array(changes.sorted { $0.seq < $1.seq }.suffix(Limits.movedChanges))
  }
}
