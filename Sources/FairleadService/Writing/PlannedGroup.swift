// A group that is planned while the one before it is recorded.

internal import FairleadStore

/// Unchecked, since it goes from thread to thread: the planner has its turn and its group until it ends the tape, and the
/// recorder after that.
final class PlannedGroup: @unchecked Sendable {
  /// The last change before it.
  let base: Int
  let turn = Turn()
  let group: Group
  let tape = Tape()

  init(on heads: CurrentState, recent: RecentClusters) {
    base = heads.seq
    group = Group(heads: heads, rows: tape, recent: recent, isCareful: false)
  }
}
