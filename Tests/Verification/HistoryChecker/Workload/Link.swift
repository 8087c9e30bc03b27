// One connection of a client, and what has been sent on it.

internal import ExactJSON
internal import DaemonTestSupport

/// A request that a client means to send.
struct Ask {
  let method: String
  var params: JSONObject

  init(_ method: String, _ params: JSONObject = JSONObject()) {
    self.method = method
    self.params = params
  }

  /// Whether it may be sent again when nobody knows what became of it.
  var isRetriable: Bool { params["requestId"] != nil }
}

/// Why a connection can no longer be used: the record has what was under way as unknown.
struct LinkEnded: Error {}

/// Confined to its client's thread.
final class Link {
  let number: Int
  /// The life of the daemon that took it.
  let life: Int
  let client: LineClient
  /// Lines that came so far.
  var arrivals = 0
  /// The watches of this connection: where they stand in the client's record, by the number of the subscription.
  var watches: [Int: Int] = [:]

  init(number: Int, life: Int, client: LineClient) {
    self.number = number
    self.life = life
    self.client = client
  }
}

/// The monotonic clock.
enum Clock {
  private static let origin = ContinuousClock.now

  /// Nanoseconds since the first look at it.
  static var now: Int {
    let (seconds, attoseconds) = (ContinuousClock.now - origin).components
    return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  }
}
