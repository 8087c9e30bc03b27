// An apply that was recorded before, and the answer that it got, put together from the changes that it recorded.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore

extension ApplyCommand {
  /// Changes that are read at once.
  private static let pageChanges = 100

  /// The answer. `read` returns up to so many changes after a number, in order and without a gap.
  func outcome(
    of earlier: PendingWrite.EarlierApply, read: (_ after: Int, _ limit: Int) throws -> [Change]
  ) throws -> ApplyOutcome {
    let (request, last) = (earlier.request, earlier.last)
    guard let applied = try Applied(of: last) else { throw Applied.damage(of: last) }
    var others = applied.others[...]
    var seq = last.seq - applied.recorded
    var page: ArraySlice<Change> = []
    var results: [ApplyResult] = []
    for (index, item) in request.changes.enumerated() {
      if let other = others.first, other["index"]?.intValue == index {
        others.removeFirst()
        results.append(.remembered(other))
        continue
      }
      if page.isEmpty { page = try read(seq, min(Self.pageChanges, last.seq - seq))[...] }
      guard let change = page.popFirst(), change.subject.folded == item.request.subject.folded else {
        throw Applied.damage(of: last)
      }
      seq = change.seq
      let outcome = ChangeOutcome(recorded: change)
      results.append(.answered(ApplyBuilder.answer(index, item, outcome, isUnchanged: false, nil, request.detail)))
    }
    guard others.isEmpty, seq == last.seq else { throw Applied.damage(of: last) }
    return ApplyOutcome(seq: last.seq, isAtomic: request.isAtomic, results: results, totals: applied.totals)
  }
}
