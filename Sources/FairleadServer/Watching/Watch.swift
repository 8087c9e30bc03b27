// One watch of a connection: what it asked for, and how far it has come.

internal import FairleadModel

struct Watch {
  let subscription: Int
  let filter: WatchFilter
  /// The last change that was sent or passed over.
  var cursor: Int
  /// Whether a page of history is being read for it.
  var isReading = false
  let lineHead: [UInt8]

  init(subscription: Int, filter: WatchFilter, after cursor: Int) {
    self.subscription = subscription
    self.filter = filter
    self.cursor = cursor
    lineHead = Event.head(subscription: subscription)
  }
}
