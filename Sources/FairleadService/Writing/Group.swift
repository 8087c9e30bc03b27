// A group of requests in one transaction: each stands or falls alone, and all become durable together.

internal import FairleadModel
internal import FairleadStore

/// SQLite ended the transaction by itself, as it does where the disk is full or broken: the whole group is lost.
struct GroupLost: Error {
  let cause: any Error
}

/// Confined to the one thread that writes, and to one transaction.
final class Group {
  private(set) var heads: Heads
  /// Everything that this group has recorded, in order.
  private(set) var changes: [Change] = []
  private let writer: LedgerWriter
  private let recent: RecentClusters
  private var isAttempting = false
  /// Whether the request under way has written something, and so has a mark to go back to.
  private var hasMark = false

  init(heads: Heads, writer: LedgerWriter, recent: RecentClusters) {
    self.heads = heads
    self.writer = writer
    self.recent = recent
  }

  var ground: Ground { Ground(heads: heads, reader: writer.reader, recent: recent) }

  /// Runs one request. What it throws takes back what it wrote, and nothing of the others.
  func attempt<Value>(_ body: () throws -> Value) throws -> Value {
    let before = (heads: heads, changes: changes.count)
    isAttempting = true
    defer { isAttempting = false }
    do {
      let value = try body()
      if hasMark { try writer.keep() }
      hasMark = false
      return value
    } catch {
      if hasMark {
        guard writer.isOpen else { throw GroupLost(cause: error) }
        try writer.rollBack()
        hasMark = false
        heads = before.heads
        changes.removeSubrange(before.changes...)
        recent.forget()
      }
      throw error
    }
  }

  /// Records a change. Most requests that are refused never come here, so that the mark is set with the first write.
  ///
  /// `report` is the report's text, where that is known.
  func append(_ change: Change, report: [UInt8]? = nil) throws {
    // Outside of a request there would be nobody to keep what is marked here.
    precondition(isAttempting, "a change is recorded by a request")
    if !hasMark {
      try writer.mark()
      hasMark = true
    }
    try writer.append(change, report: report ?? change.report.text)
    heads.apply(change)
    recent.note(change)
    changes.append(change)
  }
}
