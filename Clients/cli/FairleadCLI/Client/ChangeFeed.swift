// The changes of the registry as they come: the one place that knows how they are heard of.

internal import FairleadJSON
internal import FairleadModel

/// Asks for what follows the last change once a second. It goes on across a restart of the daemon: the log's numbers say
/// where it was.
struct ChangeFeed {
  let session: Session
  /// The last change that was seen.
  private var last: Int
  private var isLost = false

  /// Milliseconds between two questions.
  static let pause = 1000

  init(_ session: Session, after seq: Int) {
    self.session = session
    last = seq
  }

  /// Hands each batch of changes to `body`, in order and each once, until it answers false or nobody reads any more. Fails
  /// where the daemon refuses, and where it cannot be reached at first.
  mutating func follow(_ body: ([JSON]) throws(Failure) -> Bool) throws(Failure) {
    var items = try next()
    while true {
      if !items.isEmpty, try !body(items) { return }
      // After a full page there is more already.
      if items.count < Limits.pageItems, !session.console.pause(milliseconds: Self.pause) { return }
      items = try nextOrNothing()
    }
  }

  private mutating func next() throws(Failure) -> [JSON] {
    let params = JSONObject([
      .init(key: "after", value: .integer(last)), .init(key: "limit", value: .integer(Limits.pageItems)),
    ])
    let result = try session.call("change.list", params)
    guard let items = result["items"]?.arrayValue else {
      throw .unreachable("cannot understand the daemon's reply: change.list answered no items")
    }
    if let seq = items.last?["seq"]?.intValue { last = seq }
    return items
  }

  private mutating func nextOrNothing() throws(Failure) -> [JSON] {
    do throws(Failure) {
      let items = try next()
      if isLost { session.console.note("the daemon is back; going on after change \(last - items.count)") }
      isLost = false
      return items
    } catch {
      guard error.status == .unreachable || error.cause?.isPassing == true else { throw error }
      if !isLost { session.console.note("\(error.message); trying again every second") }
      isLost = true
      return []
    }
  }
}
