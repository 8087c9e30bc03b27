// One watch of a connection: what it asked for, and how far it has come.

internal import FairleadModel

struct Watch {
  enum Progress {
    /// It sends what the hub has.
    case following
    /// It is further behind than the hub's events reach, and another watch of its connection has its page first.
    case needsHistory
    /// It waits for a page of the log.
    case readingHistory
    /// That page is here, and is sent next: its events, and the last change that it covers.
    case hasHistory([Event], through: Int)
  }

  let subscription: Int
  let selection: EventSelection
  /// The last change that was sent or passed over.
  var cursor: Int
  var progress = Progress.following

  init(subscription: Int, filter: WatchFilter, after cursor: Int) {
    self.subscription = subscription
    selection = EventSelection(filter, subscription: subscription)
    self.cursor = cursor
  }
}
