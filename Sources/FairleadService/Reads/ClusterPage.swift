// A page of clusters, read a step at a time and still true of all of them at one instant.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore
internal import Synchronization

/// A step examines some clusters in the order of their keys. Between two steps clusters may change that have been examined
/// already, so each step first reads those again: after each of them, the entries are the page so far as of its own snapshot.
/// No snapshot has to be held from step to step, which would keep the write-ahead log from being checkpointed.
final class ClusterPage: PageInProgress {
  private struct State: Sendable {
    /// The last change of the snapshot that the entries are of; `nil` before the first step.
    var seq: Int?
    /// Every key up to this one has been examined, beginning behind the page's cursor.
    var examined: String
    var entries: [LedgerReader.KeyedEntry] = []
    var bytes = 0
    /// How often the page was begun again, since too much had changed between two steps.
    var restarts = 0
  }

  /// Clusters that a step examines: some milliseconds where a filter passes none of them, and where it passes all.
  private static let clustersPerStep = 512
  /// Changes between two steps whose clusters are read again. After more of them the page is begun again, twice; then it is
  /// read in one step, however long that takes.
  private static let (changesBetweenSteps, maximumRestarts) = (1000, 2)

  private let filter: ClusterFilter
  private let page: Page<String>
  private let state: Mutex<State>
  private let corrections: @Sendable () -> Corrections
  private let readFile: @Sendable (_ body: (LedgerReader) throws -> [UInt8]?) throws(Refusal) -> [UInt8]?

  /// `readFile` runs its argument on a snapshot of the file. `corrections` are what the log says of clusters whose rows say
  /// something else, as in `CurrentState.corrections`.
  init(
    _ filter: ClusterFilter, _ page: Page<String>, corrections: @escaping @Sendable () -> Corrections,
    readFile: @escaping @Sendable (_ body: (LedgerReader) throws -> [UInt8]?) throws(Refusal) -> [UInt8]?
  ) {
    self.filter = filter
    self.page = page
    self.corrections = corrections
    self.readFile = readFile
    state = Mutex(State(examined: page.after?.folded ?? ""))
  }

  func step() throws(Refusal) -> [UInt8]? {
    try state.withLock { (state) throws(Refusal) in
      try readFile { try self.step(&state, $0) }
    }
  }

  private func step(_ state: inout State, _ reader: LedgerReader) throws -> [UInt8]? {
    let lastSeq = try reader.logEnd().seq
    if let seq = state.seq, seq < lastSeq { try catchUp(&state, from: seq, to: lastSeq, reader) }
    state.seq = lastSeq
    var isEnd = false
    while !isFull(state), !isEnd {
      isEnd = try examine(&state, reader)
      if state.restarts <= Self.maximumRestarts, !isEnd, !isFull(state) { return nil }
    }
    var items = PageItems<String>(limit: page.limit)
    for (key, entry) in state.entries { items.add(entry.text, cursor: key) }
    return items.text(cursor: JSON.string)
  }

  /// Whether there is more than the page takes.
  private func isFull(_ state: State) -> Bool {
    state.entries.count > page.limit || state.bytes > Limits.pageBytes && state.entries.count > 1
  }

  /// Examines the next clusters. Returns whether there are none after them.
  private func examine(_ state: inout State, _ reader: LedgerReader) throws -> Bool {
    let corrections = corrections()
    let first = state.examined
    let end = try reader.clusterEntries(filter, after: first, scan: Self.clustersPerStep) { key, entry in
      if !corrections.contains(key) { add(key, entry, to: &state) }
      return !isFull(state)
    }
    let last = isFull(state) ? state.entries.last?.key : end
    for (key, entry) in corrections.entries(after: first, through: last) where try passes(key, entry) {
      add(key, entry, to: &state)
    }
    if isFull(state) {
      state.examined = state.entries.last?.key ?? state.examined
      return false
    }
    state.examined = end ?? state.examined
    return end == nil
  }

  private func add(_ key: String, _ entry: ClusterEntry, to state: inout State) {
    state.entries.insert((key, entry), at: state.entries.partitioningIndex { $0.key >= key })
    state.bytes += entry.text.count
  }

  private func passes(_ key: String, _ entry: ClusterEntry) throws -> Bool {
    entry.deleted ? false : filter.passes(try entry.cluster(folded: key))
  }

  /// Brings the entries to the snapshot of `reader`, whose last change is `lastSeq`.
  private func catchUp(_ state: inout State, from seq: Int, to lastSeq: Int, _ reader: LedgerReader) throws {
    guard lastSeq - seq <= Self.changesBetweenSteps else {
      state = State(examined: page.after?.folded ?? "", restarts: state.restarts + 1)
      return
    }
    let changed = try reader.changedClusters(
      after: seq, keysAfter: page.after?.folded ?? "", through: state.examined)
    for key in changed {
      let place = state.entries.partitioningIndex { $0.key >= key }
      if place < state.entries.count, state.entries[place].key == key {
        state.bytes -= state.entries[place].entry.text.count
        state.entries.remove(at: place)
      }
      guard let entry = try reader.clusterEntry(filter, key) else { continue }
      add(key, entry, to: &state)
    }
  }
}
