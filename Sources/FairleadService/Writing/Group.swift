// A group of requests in one transaction: each stands or falls alone, and all become durable together.

internal import FairleadModel
internal import FairleadStore

/// The whole group is lost: SQLite ended the transaction by itself, as it does where the disk is full or broken, or a row was
/// refused that was written ahead.
struct GroupLost: Error {
  let cause: any Error

  /// The loss that `error` is, or brings about.
  static func with(_ error: any Error) -> GroupLost { error as? GroupLost ?? GroupLost(cause: error) }
}

/// Confined to one transaction, and used by one thread at a time.
///
/// A request's rows are written once it has come to its end, so that one that is refused has nothing to take back. They are
/// expected to be taken. Where one is not, the group is lost, and is to be planned again with `isCareful`: then each request
/// writes behind a mark, and one whose rows are not taken falls alone.
final class Group {
  private(set) var heads: CurrentState
  /// Everything that this group has recorded, in order.
  private(set) var changes: [Change] = []
  private let rows: any Rows
  private let recent: RecentClusters
  private let isCareful: Bool
  /// Rows of one request that may wait for its end. Past it they are written behind a mark, so that a fleet's worth of them
  /// is not held in memory, and is written while the rest is planned.
  private static let mayWait = 64
  private var isAttempting = false
  /// Of the request under way: what is not written yet, and whether something is, behind a mark.
  private var unwritten: [RowStep] = []
  private var hasMark = false

  init(heads: CurrentState, rows: any Rows, recent: RecentClusters, isCareful: Bool) {
    self.heads = heads
    self.rows = rows
    self.recent = recent
    self.isCareful = isCareful
  }

  var ground: Ground { Ground(heads: heads, history: self, recent: recent) }

  /// Runs one request. What it throws takes back what it recorded, and nothing of the others.
  func attempt<Value>(_ body: () throws -> Value) throws -> Value {
    let before = (heads: heads, changes: changes.count)
    isAttempting = true
    defer { isAttempting = false }
    do {
      let value = try body()
      if !unwritten.isEmpty { try write(behindMark: isCareful) }
      if hasMark { try put([.releaseSavepoint]) }
      hasMark = false
      return value
    } catch {
      unwritten = []
      if changes.count > before.changes {
        heads = before.heads
        changes.removeSubrange(before.changes...)
        recent.forget()
      }
      if hasMark {
        guard rows.isOpen else { throw GroupLost.with(error) }
        hasMark = false
        do { try rows.put([.rollbackToSavepoint]) } catch { throw GroupLost.with(error) }
      }
      throw error
    }
  }

  /// Records a change. `report` is the report's text, where that is known.
  func append(_ change: Change, report: [UInt8]? = nil) throws {
    // Outside of a request there would be nobody to take back what is recorded here.
    precondition(isAttempting, "a change is recorded by a request")
    if unwritten.count >= Self.mayWait { try write(behindMark: true) }
    unwritten.append(.append(change, report: report ?? change.report.text))
    heads.apply(change)
    recent.note(change)
    changes.append(change)
  }

  /// The cluster that a change of this group moved, encoded as the heads keep it; `nil` where it moved none.
  func text(of change: Change) -> [UInt8]? {
    guard let key = change.effects.cluster?.key, case .entry(let head) = heads.cluster(key) else { return nil }
    return head?.text
  }

  private func write(behindMark: Bool) throws {
    let steps = unwritten
    unwritten = []
    let marks = behindMark && !hasMark
    if marks { hasMark = true }
    try put(marks ? [.savepoint] + steps : steps)
  }

  private func put(_ steps: [RowStep]) throws {
    do {
      try rows.put(steps)
    } catch  where !isCareful || !rows.isOpen {
      throw GroupLost.with(error)
    }
  }
}

extension Group: History {
  /// What the request under way has recorded is there too.
  func read<Value>(_ body: @escaping (LedgerReader) throws -> Value) throws -> Value {
    // It may still be refused, and would have something to take back then.
    if !unwritten.isEmpty { try write(behindMark: true) }
    do {
      return try rows.read(body)
    } catch  where !rows.isOpen {
      throw GroupLost.with(error)
    }
  }
}
