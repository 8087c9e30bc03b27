// Prints the log and then each change as it comes, until it is interrupted.

internal import ExactJSON
internal import FairleadModel

struct FollowFlow {
  let session: Session
  /// Which changes, in the parameters of `change.watch`.
  var filter = JSONObject()
  let after: Int
  /// Changes in all; `nil` goes on for ever.
  let limit: Int?

  func run() throws(Failure) -> CommandStatus {
    let print = try session.changePrinter()
    var feed = ChangeFeed(session.transport, session.console, filter, after: after)
    var left = limit ?? Int.max
    try feed.follow { (items) throws(Failure) in
      let shown = Array(items.prefix(left))
      left -= shown.count
      try print(shown)
      return left > 0 && !session.console.isClosed
    }
    return .done
  }
}
