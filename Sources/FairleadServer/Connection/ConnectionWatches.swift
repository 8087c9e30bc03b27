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

  /// A watch has sent, or passed over, the changes through `seq`; it is not there any more where `false` is returned.
  mutating func sent(_ subscription: Int, through seq: Int) -> Bool {
    update(subscription) { watch in
      watch.progress = .following
      watch.cursor = max(watch.cursor, seq)
    }
  }

  /// A watch waits for a page of the log.
  mutating func readsHistory(_ subscription: Int) -> Bool { update(subscription) { $0.progress = .readingHistory } }

  /// Ends all of them, and returns how many the hub counts.
  mutating func end() -> Int {
    defer { opened = 0 }
    hub = .ended
    begun = []
    return opened
  }

  private mutating func update(_ subscription: Int, _ body: (inout Watch) -> Void) -> Bool {
    guard let index = begun.firstIndex(where: { $0.subscription == subscription }) else { return false }
    body(&begun[index])
    return true
  }
}
