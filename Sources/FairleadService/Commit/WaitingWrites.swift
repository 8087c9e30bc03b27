// The writes that wait for the commit queue's stages, as a value: those who sent them take turns.

internal import DequeModule

/// One write of each sender at a time, so that a single change waits for one of everybody else's and not for all that one of them
/// has sent before it. The writes of one sender keep their order.
struct WaitingWrites {
  /// Were prepared once, and put back: they come first, in their order.
  private var returned: Deque<PendingWrite> = []
  /// The first write of each sender, in the order of their turns.
  private var turns: Deque<PendingWrite> = []
  /// What else those senders have here.
  private var later: [ObjectIdentifier?: Deque<PendingWrite>] = [:]
  private(set) var count = 0

  /// Whether the write whose turn it is has no more changes than that.
  func hasNext(within changes: Int) -> Bool { (returned.first ?? turns.first).map { $0.changes <= changes } ?? false }

  mutating func append(_ write: PendingWrite) {
    count += 1
    guard later[write.sender]?.append(write) == nil else { return }
    later[write.sender] = []
    turns.append(write)
  }

  mutating func popFirst() -> PendingWrite? {
    guard let write = returned.popFirst() ?? nextTurn() else { return nil }
    count -= 1
    return write
  }

  /// Takes the write whose turn it is, unless it has more changes than that: a large apply is no part of a batch with others, who
  /// would wait for it.
  mutating func popFirst(within changes: Int) -> PendingWrite? { hasNext(within: changes) ? popFirst() : nil }

  /// Puts writes back that were taken last.
  mutating func putBack(_ writes: [PendingWrite]) {
    count += writes.count
    returned.prepend(contentsOf: writes)
  }

  /// Takes all of them, in the order of their turns.
  mutating func removeAll() -> [PendingWrite] {
    var writes: [PendingWrite] = []
    while let write = popFirst() { writes.append(write) }
    return writes
  }

  private mutating func nextTurn() -> PendingWrite? {
    guard let write = turns.popFirst() else { return nil }
    if let next = later[write.sender]?.popFirst() {
      turns.append(next)
    } else {
      later[write.sender] = nil
    }
    return write
  }
}
