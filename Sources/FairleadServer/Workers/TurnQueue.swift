// The work that waits for the threads of one lane, as a value: the connections take turns, and few are in the middle of something.

internal import DequeModule

/// Whoever has sent much waits for its own, and for one step of each of the others.
///
/// An owner has at most one job in hand, so that one connection with many watches occupies one thread. What is left of a job
/// after a step is its owner's next job, and the owner goes behind all others.
///
/// A job that keeps something from step to step, such as half a page, needs a place. There are few, so that what all of them
/// keep is bounded however many owners there are. Whose job needs one waits at the entrance until a place is free, and then has
/// its turns with the others until the job is done. A job that needs none does not wait there.
struct TurnQueue<Owner: Hashable, Job> {
  private enum Hand {
    case empty
    case busy
    /// The owner is gone while a thread works for it: what is left of that is dropped.
    case abandoned
  }

  private struct Entry {
    var waiting: Deque<(job: Job, needsPlace: Bool)> = []
    var hand = Hand.empty
    /// Whether the job in hand, or the first that waits, has a place.
    var hasPlace = false
  }

  private var entries: [Owner: Entry] = [:]
  /// The owners whose turn comes, each once: those with a job that waits, none in hand, and a place where the job needs one.
  private var turns: Deque<Owner> = []
  /// The owners whose next job needs a place, each once, in the order in which they came.
  private var entrance: Deque<Owner> = []
  private var freePlaces: Int

  /// At most `places` owners are in the middle of a job that keeps something.
  init(places: Int) { freePlaces = places }

  /// How many jobs may be taken, of as many owners.
  var count: Int { turns.count }

  mutating func add(_ job: Job, of owner: Owner, needsPlace: Bool = false) {
    // Moved out while it grows: with two owners, the jobs that wait would be copied.
    var entry = entries.removeValue(forKey: owner) ?? Entry()
    entry.waiting.append((job, needsPlace))
    let isFirst = entry.waiting.count == 1
    if isFirst, case .empty = entry.hand { line(up: owner, &entry) }
    entries[owner] = entry
  }

  /// Takes the job of the owner whose turn it is. It is in hand until `finished` is called.
  mutating func next() -> (owner: Owner, job: Job)? {
    guard let owner = turns.popFirst(), let job = entries[owner]?.waiting.popFirst()?.job else { return nil }
    entries[owner]?.hand = .busy
    return (owner, job)
  }

  /// The job in hand of `owner` has had its step. `rest` is what is left of it, in this lane; it stays in the job's place.
  /// Returns whether the owner is still there.
  mutating func finished(_ owner: Owner, rest: Job?) -> Bool {
    guard var entry = entries.removeValue(forKey: owner) else { return false }
    let isThere = if case .busy = entry.hand { true } else { false }
    entry.hand = .empty
    if isThere, let rest {
      entry.waiting.prepend((rest, entry.hasPlace))
      turns.append(owner)
    } else {
      freePlace(of: &entry)
      if !entry.waiting.isEmpty { line(up: owner, &entry) }
    }
    if !entry.waiting.isEmpty { entries[owner] = entry }
    return isThere
  }

  /// The owner is gone: drops what waits, and what will be left of the job in hand.
  mutating func removeAll(of owner: Owner) {
    guard var entry = entries.removeValue(forKey: owner) else { return }
    switch entry.hand {
    case .busy, .abandoned: entries[owner] = Entry(hand: .abandoned, hasPlace: entry.hasPlace)
    case .empty:
      turns.removeAll { $0 == owner }
      entrance.removeAll { $0 == owner }
      freePlace(of: &entry)
    }
  }

  /// Gives an owner with a job its turn, or has it wait for a place.
  private mutating func line(up owner: Owner, _ entry: inout Entry) {
    guard entry.waiting.first?.needsPlace == true else { return turns.append(owner) }
    guard freePlaces > 0 else { return entrance.append(owner) }
    freePlaces -= 1
    entry.hasPlace = true
    turns.append(owner)
  }

  /// The place of `entry`, where it has one, goes to the first at the entrance.
  private mutating func freePlace(of entry: inout Entry) {
    guard entry.hasPlace else { return }
    entry.hasPlace = false
    guard let next = entrance.popFirst() else { return freePlaces += 1 }
    entries[next]?.hasPlace = true
    turns.append(next)
  }
}
