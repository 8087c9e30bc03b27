// Clusters whose rows in the file are not what the log says: memory answers for them.

internal import FairleadModel
internal import HashTreeCollections
internal import Synchronization

/// By folded key, each with what the log says. A value whose copies share their parts, as a state has it; another program can
/// change every row, so nothing that a change or a look at the deadlines needs walks all of them.
package struct Corrections: Sendable {
  private var entries: TreeDictionary<String, ClusterEntry?> = [:]
  /// Those that wait to be confirmed.
  private var waiting: TreeDictionary<String, ClusterEntry> = [:]
  /// The keys in order, with such as have been removed since.
  private var order = Order()

  package static let none = Corrections()

  package var isEmpty: Bool { entries.isEmpty }
  package var count: Int { entries.count }

  package func contains(_ folded: String) -> Bool { entries[folded] != nil }

  /// What the log says of a cluster whose row says something else; `nil` where it has no such cluster.
  package func entry(_ folded: String) -> ClusterEntry? { entries[folded] ?? nil }

  /// Those that wait to be confirmed, in no order.
  package var waitingToBeConfirmed: [(folded: String, entry: ClusterEntry)] { waiting.map { ($0.key, $0.value) } }

  /// Those after one key, up to another one or to the end, in the order of their keys: clusters that the log has, deleted ones
  /// included.
  package func entries(after first: String, through last: String?) -> [(folded: String, entry: ClusterEntry)] {
    guard !isEmpty else { return [] }
    let keys = order.keys { entries.keys.sorted() }
    let start = keys.partitioningIndex { $0 > first }
    let end = last.map { last in keys.partitioningIndex { $0 > last } } ?? keys.endIndex
    guard start < end else { return [] }
    return keys[start..<end].compactMap { key in entry(key).map { (key, $0) } }
  }

  mutating func set(_ folded: String, _ entry: ClusterEntry?) {
    entries.updateValue(entry, forKey: folded)
    waiting[folded] = entry?.pendingConfirm == nil ? nil : entry
    order = Order()
  }

  mutating func remove(_ folded: String) {
    guard !isEmpty else { return }
    entries[folded] = nil
    waiting[folded] = nil
  }

  /// Puts what the log says in the places of the rows.
  func apply(to clusters: inout TreeDictionary<String, ClusterEntry>) {
    for (folded, entry) in entries { clusters[folded] = entry }
  }

  /// The keys, sorted by the first who needs them and shared by all copies.
  private final class Order: Sendable {
    private let sorted = Mutex<[String]?>(nil)

    func keys(_ sort: () -> [String]) -> [String] {
      sorted.withLock { sorted in
        let keys = sorted ?? sort()
        sorted = keys
        return keys
      }
    }
  }
}

extension Array {
  /// The index of the first element of which `belongsBehind` is true, where it is true of all after the first.
  package func partitioningIndex(where belongsBehind: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
