// A page of a list that is read a step at a time, each in a short transaction of its own.

internal import ExactJSON
package import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Between two steps the threads and the database's connections are free for others, and the write-ahead log may be
/// checkpointed. One thread at a time may have it.
package protocol PageInProgress: Sendable {
  /// Reads on, for some milliseconds at most. Returns the page as JSON text once it is complete.
  func step() throws(Refusal) -> [UInt8]?
}

extension PageInProgress {
  /// Reads the page to its end.
  package func complete() throws(Refusal) -> [UInt8] {
    while true {
      if let text = try step() { return text }
    }
  }
}

/// A page of rows that never change and come in the order of their cursor: the log, or a cluster's revisions. So the page is
/// what the file held at one of its steps.
final class RowPage<Cursor: Sendable & Hashable>: PageInProgress {
  typealias Row = (cursor: Cursor, text: [UInt8])

  private struct State: Sendable {
    var after: Cursor?
    var items: PageItems<Cursor>
  }

  private let state: Mutex<State>
  /// Rows of one step.
  private let rowsPerStep: Int
  private let json: @Sendable (Cursor) -> JSON
  private let read: @Sendable (_ after: Cursor?, _ limit: Int) throws(Refusal) -> [Row]

  /// `read` returns up to `limit` rows after a cursor.
  init(
    _ page: Page<Cursor>, rowsPerStep: Int, json: @escaping @Sendable (Cursor) -> JSON,
    read: @escaping @Sendable (_ after: Cursor?, _ limit: Int) throws(Refusal) -> [Row]
  ) {
    state = Mutex(State(after: page.after, items: PageItems(limit: page.limit)))
    self.rowsPerStep = rowsPerStep
    self.json = json
    self.read = read
  }

  func step() throws(Refusal) -> [UInt8]? {
    try state.withLock { (state) throws(Refusal) in
      let limit = min(rowsPerStep, state.items.wanted)
      let rows = try read(state.after, limit)
      for row in rows { state.items.add(row.text, cursor: row.cursor) }
      state.after = rows.last?.cursor ?? state.after
      return state.items.isCut || rows.count < limit ? state.items.text(cursor: json) : nil
    }
  }
}

/// A page of what memory holds, so that one step completes it.
struct MemoryPage<Item>: PageInProgress {
  private let page: Page<String>
  private let items: @Sendable () -> [(cursor: String, item: Item)]
  private let text: @Sendable (Item) -> [UInt8]

  /// `items` returns all that a filter passes, in any order, each with its folded key. It is called by the step. Only what the
  /// page may hold is encoded, by `text`.
  init(
    _ page: Page<String>, items: @escaping @Sendable () -> [(cursor: String, item: Item)],
    text: @escaping @Sendable (Item) -> [UInt8]
  ) {
    self.page = page
    self.items = items
    self.text = text
  }

  func step() -> [UInt8]? {
    let after = page.after?.folded ?? ""
    var gathered = PageItems<String>(limit: page.limit)
    let candidates = items().filter { $0.cursor > after }.sorted { $0.cursor < $1.cursor }
    for (cursor, item) in candidates.prefix(gathered.wanted) where !gathered.isCut {
      gathered.add(text(item), cursor: cursor)
    }
    return gathered.text(cursor: JSON.string)
  }
}
