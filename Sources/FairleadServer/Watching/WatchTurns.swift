// Whose turn it is to send events, among the connections that watch.

internal import DequeModule

/// First come, first served. Whoever has more to send than fits into a turn waits for another one behind everybody else.
struct WatchTurns<Follower: Hashable> {
  private var queue: Deque<Follower> = []
  private var waiting: Set<Follower> = []

  var isEmpty: Bool { waiting.isEmpty }

  /// Has a follower wait for its turn, unless it does already.
  mutating func add(_ follower: Follower) {
    if waiting.insert(follower).inserted { queue.append(follower) }
  }

  /// A follower is gone. Its place in the queue is passed over.
  mutating func remove(_ follower: Follower) {
    waiting.remove(follower)
    if waiting.isEmpty { queue.removeAll() }
  }

  /// Takes the follower whose turn it is.
  mutating func next() -> Follower? {
    while let follower = queue.popFirst() {
      if waiting.remove(follower) != nil { return follower }
    }
    return nil
  }
}
