// The changes of the registry as they come, across restarts of the daemon.

internal import ExactJSON
internal import FairleadModel

/// Watches the registry. When the connection ends it watches again from the last change that it saw, so that each change
/// is delivered once.
struct ChangeFeed {
  private let transport: any Transport
  private let console: any Console
  /// Which changes are wanted, in the parameters of `change.watch`.
  private let filter: JSONObject
  /// The last change that was handed out; `nil` until the daemon has sent the registry's last change.
  private var last: Int?
  private var watch: (any Watch)?
  private var pause = Self.shortestPause

  /// Milliseconds between two attempts to reach a daemon that is gone: doubled each time, until it answers.
  static let shortestPause = 100
  static let longestPause = 5000

  /// - Parameter seq: The feed begins with what followed this change; `nil` is only what is yet to come.
  init(
    _ transport: any Transport, _ console: any Console, _ filter: JSONObject = JSONObject(), after seq: Int?
  ) {
    self.transport = transport
    self.console = console
    self.filter = filter
    last = seq
  }

  /// Begins the watch: no change that is recorded from here on is missed. Fails where the daemon refuses or is not there.
  mutating func begin() throws(Failure) {
    var params = filter
    params["after"] = last.map { .integer($0) }
    let watch = try transport.watch(params, reader: console.outDescriptor)
    last = last ?? watch.lastSeq
    self.watch = watch
  }

  /// Hands each batch of changes to `body`, in order and each once, until it returns false or nobody reads any more. Fails
  /// where the daemon refuses.
  mutating func follow(_ body: ([JSON]) throws(Failure) -> Bool) throws(Failure) {
    if watch == nil { try begin() }
    while let watch {
      let event: WatchEvent
      do throws(Failure) {
        event = try watch.next()
      } catch {
        guard try begin(again: error) else { return }
        continue
      }
      switch event {
      case .readerGone: return
      case .changes(let items):
        guard let seq = items.last?["seq"]?.intValue else { continue }
        last = seq
        pause = Self.shortestPause
        if try !body(items) { return }
      }
    }
  }

  /// Begins again after a temporary failure, however long that takes; false where nobody reads any more.
  private mutating func begin(again failure: Failure) throws(Failure) -> Bool {
    guard Self.isTemporary(failure) else { throw failure }
    console.note("\(failure.message); trying again until it is back")
    while console.pause(milliseconds: pause) {
      pause = min(pause * 2, Self.longestPause)
      do throws(Failure) {
        try begin()
        console.note("the daemon is back; going on after change \(last ?? 0)")
        return true
      } catch {
        guard Self.isTemporary(error) else { throw error }
      }
    }
    return false
  }

  private static func isTemporary(_ failure: Failure) -> Bool {
    failure.status == .unreachable || failure.cause?.isTemporary == true
  }
}
