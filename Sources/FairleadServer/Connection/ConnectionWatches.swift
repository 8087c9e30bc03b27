// The watches of one connection as a value: how far each has come, and which is due.

internal import FairleadModel

/// Each watch is sent every change once and in order, as fast as the peer takes them.
struct ConnectionWatches {
  private enum Hub {
    case notFollowed
    /// It has every change through this one, or had it and dropped it for the log.
    case followed(through: Int)
    /// The connection ends, and no watch begins any more.
    case ended
  }

  private var hub = Hub.notFollowed
  /// Those whose reply is out.
  private var begun: [Watch] = []
  /// Those that the hub counts for this connection: also the ones whose reply is not out yet.
  private var opened = 0
  private var lastSubscription = 0

  /// Whether no watch has begun.
  var isEmpty: Bool { begun.isEmpty }

  var hasRoom: Bool { opened < Limits.watchesPerConnection }

  /// Whether the hub must be asked to report changes.
  var mustFollow: Bool {
    if case .notFollowed = hub { !begun.isEmpty } else { false }
  }

  /// The first watch with a change to send.
  var firstBehind: Watch? {
    guard case .followed(let last) = hub else { return nil }
    return begun.first { watch in
      if case .following = watch.progress { watch.cursor < last } else { false }
    }
  }

  /// Whether every watch has sent, or passed over, the changes through `seq`.
  func haveSent(through seq: Int) -> Bool { begun.allSatisfy { $0.cursor >= seq } }

  /// A watch that begins once its reply is out.
  mutating func open(_ filter: WatchFilter, after seq: Int) -> Watch {
    opened += 1
    lastSubscription += 1
    return Watch(subscription: lastSubscription, filter: filter, after: seq)
  }

  mutating func begin(_ watches: [Watch]) {
    if case .ended = hub { return }
    begun += watches
  }

  mutating func follow() { hub = .followed(through: 0) }

  mutating func published(through seq: Int) {
    guard case .followed(let last) = hub else { return }
    hub = .followed(through: max(last, seq))
  }

  /// The first watch whose page of the log is here, and the events of that page. It follows the hub again from where the
  /// page ends.
  mutating func takeHistory() -> (watch: Watch, events: [Event])? {
    for (index, watch) in begun.enumerated() {
      guard case .hasHistory(let events, let last) = watch.progress else { continue }
      begun[index].progress = .following
      begun[index].cursor = max(watch.cursor, last)
      return (watch, events)
    }
    return nil
  }

  /// Ends all of them, and returns how many the hub counts.
  mutating func end() -> Int {
    defer { opened = 0 }
    hub = .ended
    begun = []
    return opened
  }

  // MARK: What happens to one watch; `false` where its state cannot have it. One that has ended is passed over.

  /// It has sent, or passed over, the changes through `seq`.
  mutating func sent(_ subscription: Int, through seq: Int) -> Bool {
    update(subscription) { watch in
      guard case .following = watch.progress else { return false }
      watch.cursor = max(watch.cursor, seq)
      return true
    }
  }

  /// It waits for a page of the log.
  mutating func readsHistory(_ subscription: Int) -> Bool {
    update(subscription) { watch in
      guard case .following = watch.progress else { return false }
      watch.progress = .readingHistory
      return true
    }
  }

  /// Its page is here, and covers the changes through `seq`.
  mutating func historyRead(_ subscription: Int, _ events: [Event], through seq: Int) -> Bool {
    update(subscription) { watch in
      guard case .readingHistory = watch.progress else { return false }
      watch.progress = .hasHistory(events, through: seq)
      return true
    }
  }

  private mutating func update(_ subscription: Int, _ body: (inout Watch) -> Bool) -> Bool {
    guard let index = begun.firstIndex(where: { $0.subscription == subscription }) else { return true }
    return body(&begun[index])
  }
}
