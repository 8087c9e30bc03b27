// The clusters that wait to be confirmed: how many, and whose deadline is the first.

internal import FairleadModel
internal import FairleadStore
internal import HeapModule
internal import Synchronization

/// Kept in memory, so that a health check reads no file. A change costs O(log n), of which there may be 100,000 that wait.
final class WaitingConfirms: Sendable {
  private struct Deadline: Comparable {
    let time: Timestamp
    let key: String

    static func < (a: Deadline, b: Deadline) -> Bool { (a.time, a.key) < (b.time, b.key) }
  }

  private struct State {
    var deadlines: [String: Timestamp] = [:]
    /// Every deadline, and others that have ended since: those are dropped once they are the first, or are half of all.
    var heap = Heap<Deadline>()

    mutating func set(_ key: String, _ deadline: Timestamp?) {
      guard deadlines[key] != deadline else { return }
      deadlines[key] = deadline
      if let deadline { heap.insert(Deadline(time: deadline, key: key)) }
      while let first = heap.min, deadlines[first.key] != first.time { heap.removeMin() }
      if heap.count > 2 * deadlines.count + 64 { rebuild() }
    }

    mutating func rebuild() { heap = Heap(deadlines.map { Deadline(time: $1, key: $0) }) }
  }

  private let state = Mutex(State())

  /// How many wait, and the earliest deadline by the wall clock.
  var summary: (count: Int, first: Timestamp?) { state.withLock { ($0.deadlines.count, $0.heap.min?.time) } }

  /// Brings this to `next`, to which `changes` have led after the clusters of the folded keys `corrected` were taken from the log.
  func update(to next: CurrentState, _ changes: [Change], corrected: [String] = []) {
    let loaded = next.loadedConfirms?.take()
    state.withLock { state in
      if let loaded {
        state.deadlines = Dictionary(loaded.map { ($0.key, $0.deadline) }, uniquingKeysWith: { $1 })
        state.rebuild()
      }
      for key in corrected { state.set(key, next.corrections.entry(key)?.pendingConfirm?.deadline) }
      for change in changes {
        guard let cluster = change.effects.cluster else { continue }
        state.set(cluster.key.folded, cluster.pendingConfirm?.deadline)
      }
    }
  }
}
