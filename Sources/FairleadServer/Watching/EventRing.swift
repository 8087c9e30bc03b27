// The last changes, kept encoded for the watchers who keep up. The others read the log.

internal import FairleadModel

/// A value, so that tests fill it without a watcher.
struct EventRing {
  /// What is there for a watcher who has seen the changes up to its cursor.
  enum Events {
    /// The changes after the cursor, through the last one that was put in.
    case events(ArraySlice<Event>, through: Int)
    /// The first of them are not kept any more.
    case evicted
  }

  private var events: [Event] = []
  /// Events before this index have been dropped. The array is compacted now and then, which is cheaper than each time.
  private var start = 0
  private var bytes = 0
  /// The last change that was put in or skipped.
  private(set) var lastSeq: Int
  /// Every change after this one is kept.
  private var floor: Int

  init(lastSeq: Int) {
    self.lastSeq = lastSeq
    floor = lastSeq
  }

  /// Nobody watches, so no change up to this one need be kept.
  mutating func skip(to seq: Int) {
    events = []
    start = 0
    bytes = 0
    lastSeq = seq
    floor = seq
  }

  mutating func append(_ event: Event) {
    events.append(event)
    bytes += event.tail.count
    lastSeq = event.seq
    while events.count - start > ServerLimits.keptEvents || bytes > ServerLimits.keptEventBytes, start < events.count {
      bytes -= events[start].tail.count
      floor = events[start].seq
      start += 1
    }
    if start > ServerLimits.keptEvents {
      events.removeFirst(start)
      start = 0
    }
  }

  /// The changes after change `seq`.
  func events(after seq: Int) -> Events {
    guard seq >= floor else { return .evicted }
    var (first, end) = (start, events.count)
    while first < end {
      let middle = (first + end) / 2
      if events[middle].seq > seq { end = middle } else { first = middle + 1 }
    }
    return .events(events[first...], through: lastSeq)
  }
}
