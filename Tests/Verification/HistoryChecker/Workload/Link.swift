// One connection of a client, and the requests that travel on it.

internal import ExactJSON
internal import DaemonTestSupport

/// A request before it is sent.
struct Ask {
  let method: String
  var params: JSONObject

  init(_ method: String, _ params: JSONObject = JSONObject()) {
    self.method = method
    self.params = params
  }

  /// Whether it may be sent again when its outcome is unknown.
  var isRetriable: Bool { params["requestId"] != nil }
}

/// Thrown when a connection can no longer be used. The record holds the requests in flight without an answer.
struct LinkEnded: Error {}

/// Confined to its client's thread.
final class Link {
  let number: Int
  /// The life of the daemon that accepted it.
  let life: Int
  let client: LineClient
  /// Lines that came so far.
  var arrivals = 0
  /// The watches of this connection: their places in the client's record, by the number of the subscription.
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
