// The work that waits for the threads of one lane, as a value: the connections take turns.

internal import DequeModule

/// Whoever has sent much waits for its own, and for one step of each of the others.
///
/// An owner has at most one job in hand, so that one connection with many watches occupies one thread. What is left of a job
/// after a step is its owner's next job, and the owner goes behind all others.
struct TurnQueue<Owner: Hashable, Job> {
  private enum Hand {
    case empty
    case busy
    /// The owner is gone while a thread works for it: what is left of that is dropped.
    case abandoned
  }

  private struct Entry {
    var waiting: Deque<Job> = []
    var hand = Hand.empty
  }

  private var entries: [Owner: Entry] = [:]
  /// The owners whose turn comes, each once: those with a job that waits, and none in hand.
  private var turns: Deque<Owner> = []

  /// Whether a job may be taken.
  var hasNext: Bool { !turns.isEmpty }

  mutating func add(_ job: Job, of owner: Owner) {
    // Moved out while it grows: with two owners, the jobs that wait would be copied.
    var entry = entries.removeValue(forKey: owner) ?? Entry()
    if entry.waiting.isEmpty, case .empty = entry.hand { turns.append(owner) }
    entry.waiting.append(job)
    entries[owner] = entry
  }

  /// Takes the job of the owner whose turn it is. It is in hand until `finished` is called.
  mutating func next() -> (owner: Owner, job: Job)? {
    guard let owner = turns.popFirst(), let job = entries[owner]?.waiting.popFirst() else { return nil }
    entries[owner]?.hand = .busy
    return (owner, job)
  }

  /// The job in hand of `owner` has had its step. `rest` is what is left of it, in this lane. Returns whether the owner is
  /// still there.
  mutating func finished(_ owner: Owner, rest: Job?) -> Bool {
    guard var entry = entries.removeValue(forKey: owner) else { return false }
    let isThere = if case .busy = entry.hand { true } else { false }
    if isThere, let rest { entry.waiting.prepend(rest) }
    entry.hand = .empty
    if !entry.waiting.isEmpty {
      entries[owner] = entry
      turns.append(owner)
    }
    return isThere
  }

  /// The owner is gone: drops what waits, and what will be left of the job in hand.
  mutating func removeAll(of owner: Owner) {
    guard let entry = entries[owner] else { return }
    switch entry.hand {
    case .busy, .abandoned: entries[owner] = Entry(hand: .abandoned)
    case .empty:
      entries[owner] = nil
      turns.removeAll { $0 == owner }
    }
  }
}
