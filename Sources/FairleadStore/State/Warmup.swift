// The clusters that a warm-up has read from the file so far, until all of them go into the current state at once.

internal import FairleadModel
internal import HashTreeCollections

/// Grows apart from the current state, in a tree that nobody shares. Inserting 256 clusters into a tree that readers hold
/// copies of takes 2 ms of copying nodes, which the commit thread would pay for.
package struct Warmup: Sendable {
  /// The state that this is for: the one that was begun at this change.
  let since: Int
  /// The last change whose effects it includes.
  private(set) var seq: Int
  private(set) var clusters: TreeDictionary<String, ClusterEntry> = [:]
  /// The last key that was read; empty before the first.
  private var lastKey = ""
  /// Whether the last key of the file has been read.
  package private(set) var isComplete = false

  /// Begins to read what `state` lacks; `nil` where it lacks nothing.
  package init?(for state: CurrentState) {
    guard let since = state.incompleteSince else { return nil }
    (self.since, seq) = (since, since)
  }

  /// How many clusters it has, deleted ones included.
  package var count: Int { clusters.count }

  /// Whether `state` is still the one that this was begun for.
  package func isFor(_ state: CurrentState) -> Bool { since == state.incompleteSince }

  /// Reads the next `count` clusters. Where this throws, it has read none.
  package mutating func read(_ count: Int, from reader: LedgerReader) throws {
    var chunk: [(folded: String, entry: ClusterEntry)] = []
    try reader.clusterEntries(after: lastKey, limit: count) { chunk.append(($0, $1)) }
    for (folded, entry) in chunk { clusters[folded] = entry }
    lastKey = chunk.last?.folded ?? lastKey
    isComplete = chunk.count < count
  }

  /// Takes over what changed while it was read, so that little is left for the merge on the commit thread. An entry that was
  /// read from a commit that is not published yet is newer than that of `state`, and stays.
  package mutating func catchUp(with state: CurrentState) {
    for (folded, entry) in state.clusters where clusters[folded].map({ $0.updatedSeq < entry.updatedSeq }) ?? true {
      clusters[folded] = entry
    }
    seq = state.seq
  }
}

extension LedgerReader {
  /// The file's current state. It is complete where the file has fewer than `chunk` clusters. Otherwise the first `chunk` of
  /// them are in the warm-up that is returned with it.
  ///
  /// `damage` is what could not be read on the way: of registrations, which are taken from the log instead, or of a cluster, which
  /// is left to the warm-up. Throws where not even the end of the log can be read.
  package func currentState(chunk: Int) throws -> (state: CurrentState, warmup: Warmup?, damage: LedgerError?) {
    var (state, found) = try CurrentState.withoutClusters(self)
    guard var warmup = Warmup(for: state) else { return (state, nil, found) }
    do {
      try warmup.read(chunk, from: self)
    } catch {
      guard let damage = damage(error) else { throw error }
      return (state, warmup, found ?? damage)
    }
    state.merge(warmup)
    return (state, state.isComplete ? nil : warmup, found)
  }

  /// The damage of the file that an error tells of; `nil` where it tells of something else.
  func damage(_ error: any Error) -> LedgerError? {
    let error = database.classified(error)
    let found = error as? LedgerError ?? LedgerError(using: database.filename, error)
    return found.isDamage ? found : nil
  }
}
