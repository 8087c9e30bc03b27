// Clusters whose rows in the file are not what the log says: memory answers for them.

internal import FairleadModel
internal import HashTreeCollections
internal import Synchronization

/// By folded key, each with what the log says. Another program can change every row, so nothing that a change or a look at the
/// deadlines needs walks all of them.
///
/// A value in one reference, which is `nil` in nearly every state: a state is copied with each change.
package struct Corrections: Sendable {
  private var content: Content?

  package static let none = Corrections()

  package var isEmpty: Bool { content == nil }
  package var count: Int { content?.entries.count ?? 0 }

  package func contains(_ folded: String) -> Bool { content?.entries[folded] != nil }

  /// What the log says of a cluster whose row says something else; `nil` where it has no such cluster.
  package func entry(_ folded: String) -> ClusterEntry? { content?.entries[folded] ?? nil }

  /// Those that wait to be confirmed, in no order.
  package var waitingToBeConfirmed: [(folded: String, entry: ClusterEntry)] {
    content?.waiting.map { ($0.key, $0.value) } ?? []
  }

  /// Those after one key, up to another one or to the end, in the order of their keys: clusters that the log has, deleted ones
  /// included.
  package func entries(after first: String, through last: String?) -> [(folded: String, entry: ClusterEntry)] {
    guard let content else { return [] }
    let keys = content.order.keys { content.entries.keys.sorted() }
    let start = keys.partitioningIndex { $0 > first }
    let end = last.map { last in keys.partitioningIndex { $0 > last } } ?? keys.endIndex
    guard start < end else { return [] }
    return keys[start..<end].compactMap { key in entry(key).map { (key, $0) } }
  }

  mutating func set(_ folded: String, _ entry: ClusterEntry?) {
    var (entries, waiting) = (content?.entries ?? [:], content?.waiting ?? [:])
    entries.updateValue(entry, forKey: folded)
    waiting[folded] = entry?.pendingConfirm == nil ? nil : entry
    content = Content(entries, waiting, Order())
  }

  mutating func remove(_ folded: String) {
    guard let content, contains(folded) else { return }
    var (entries, waiting) = (content.entries, content.waiting)
    entries[folded] = nil
    waiting[folded] = nil
    self.content = entries.isEmpty ? nil : Content(entries, waiting, content.order)
  }

  /// Puts what the log says in the places of the rows.
  func apply(to clusters: inout TreeDictionary<String, ClusterEntry>) {
    guard let content else { return }
    for (folded, entry) in content.entries { clusters[folded] = entry }
  }

  /// Never changes, and shares its parts with what comes of it.
  private final class Content: Sendable {
    let entries: TreeDictionary<String, ClusterEntry?>
    /// Those that wait to be confirmed.
    let waiting: TreeDictionary<String, ClusterEntry>
    /// The keys in order, with such as have been removed since.
    let order: Order

    init(
      _ entries: TreeDictionary<String, ClusterEntry?>, _ waiting: TreeDictionary<String, ClusterEntry>, _ order: Order
    ) {
      self.entries = entries
      self.waiting = waiting
      self.order = order
    }
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
