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
  /// Whether a page of the log is being read, or is here and not sent. One at a time, so that a connection with many watches
  /// costs no more memory than one with a single watch.
  private var hasHistoryInHand = false
  /// Bytes of the page that is here, and of the labels of all filters.
  var heldBytes: Int { pageBytes + labelBytes }
  private var (pageBytes, labelBytes) = (0, 0)

  /// Whether no watch has begun.
  var isEmpty: Bool { begun.isEmpty }

  var hasRoom: Bool { opened < Limits.watchesPerConnection }

  /// Whether the hub must be asked to report changes.
  var mustFollow: Bool {
    if case .notFollowed = hub { !begun.isEmpty } else { false }
  }

  /// The watch with a change to send that is furthest behind.
  var firstBehind: Watch? {
    guard case .followed(let last) = hub else { return nil }
    // By index: this is asked for each watch and batch, and copying a watch costs more than looking at it.
    var (first, least): (Int?, Int) = (nil, last)
    for index in begun.indices where begun[index].cursor < least {
      let isDue =
        switch begun[index].progress {
        case .following: true
        case .needsHistory: !hasHistoryInHand
        case .readingHistory, .hasHistory: false
        }
      if isDue { (first, least) = (index, begun[index].cursor) }
    }
    return first.map { begun[$0] }
  }

  /// Whether every watch has sent, or passed over, the changes through `seq`.
  func haveSent(through seq: Int) -> Bool { begun.allSatisfy { $0.cursor >= seq } }

  /// A watch that begins once its reply is out.
  mutating func open(_ filter: WatchFilter, after seq: Int) -> Watch {
    opened += 1
    lastSubscription += 1
    let watch = Watch(subscription: lastSubscription, filter: filter, after: seq)
    labelBytes += watch.selection.labelBytes
    return watch
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
      (hasHistoryInHand, pageBytes) = (false, 0)
      return (watch, events)
    }
    return nil
  }

  /// Ends all of them, and returns how many the hub counts.
  mutating func end() -> Int {
    defer { opened = 0 }
    hub = .ended
    begun = []
    (pageBytes, labelBytes) = (0, 0)
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

  /// It needs a page of the log. Returns whether that is to be read now, or has to wait for another watch's; `nil` where its
  /// state cannot have it.
  mutating func needsHistory(_ subscription: Int) -> Bool? {
    let isNow = !hasHistoryInHand
    let isPossible = update(subscription) { watch in
      switch watch.progress {
      case .following, .needsHistory: watch.progress = isNow ? .readingHistory : .needsHistory
      case .readingHistory, .hasHistory: return false
      }
      return true
    }
    if isNow, isPossible { hasHistoryInHand = true }
    return isPossible ? isNow : nil
  }

  /// Its page is here, and covers the changes through `seq`.
  mutating func historyRead(_ subscription: Int, _ events: [Event], through seq: Int) -> Bool {
    let isPossible = update(subscription) { watch in
      guard case .readingHistory = watch.progress else { return false }
      watch.progress = .hasHistory(events, through: seq)
      return true
    }
    if isPossible, !begun.isEmpty { pageBytes = events.reduce(0) { $0 + $1.tail.count } }
    return isPossible
  }

  private mutating func update(_ subscription: Int, _ body: (inout Watch) -> Bool) -> Bool {
    guard let index = begun.firstIndex(where: { $0.subscription == subscription }) else { return true }
    return body(&begun[index])
  }
}
