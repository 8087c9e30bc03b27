// The last changes, kept encoded for the watchers who keep up. Those who do not read the file.

internal import FairleadModel

/// A value, so that tests turn it without a watcher.
struct EventRing {
  /// What a watcher finds behind a change.
  enum Look {
    case events(ArraySlice<Event>)
    /// It is further behind than what is kept.
    case gone
  }

  private var events: [Event] = []
  /// Events before this index have been dropped; the array is closed up now and then, which is cheaper than each time.
  private var start = 0
  private var bytes = 0
  /// The last change that was put in or passed over, and the one behind which everything is kept.
  private(set) var head: Int
  private var floor: Int

  init(head: Int) {
    self.head = head
    floor = head
  }

  /// Nobody watches: nothing need be kept up to here.
  mutating func skip(to seq: Int) {
    events = []
    start = 0
    bytes = 0
    head = seq
    floor = seq
  }

  mutating func append(_ event: Event) {
    events.append(event)
    bytes += event.tail.count
    head = event.seq
    while events.count - start > Limits.keptEvents || bytes > Limits.keptEventBytes, start < events.count {
      bytes -= events[start].tail.count
      floor = events[start].seq
      start += 1
    }
    if start > Limits.keptEvents {
      events.removeFirst(start)
      start = 0
    }
  }

  /// What is kept behind change `seq`.
  func look(after seq: Int) -> Look {
    guard seq >= floor else { return .gone }
    // From the end: watchers who keep up are one group behind.
    var first = events.count
    while first > start, events[first - 1].seq > seq { first -= 1 }
    return .events(events[first...])
  }
}
