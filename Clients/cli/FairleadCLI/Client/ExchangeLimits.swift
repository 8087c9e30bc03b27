// How long the command waits for an answer, and how much of one it takes.

internal import LinuxSupport

/// The limits of one exchange with the daemon, or with what took its place.
struct ExchangeLimits: Sendable, Hashable {
  /// Bytes of one line of the daemon. The longest honest one answers an apply with whole reports: 20 MB for 1,000 changes, several
  /// times that where labels have their full length, and ten times with a daemon that did not limit their number yet.
  var lineBytes = 256 << 20
  /// Seconds of silence. The daemon answers within a few, even while another program has its database locked.
  var silence = 60
  /// Seconds of the whole, connecting included.
  var total = 300
  /// The moment by which several exchanges together must be done, in `monotonicNanoseconds()`; `nil` for none.
  var end: Int?

  static let standard = ExchangeLimits()

  /// Limits of what has to be done within `seconds` from now.
  init(within seconds: Int) {
    silence = seconds
    total = seconds
    end = monotonicNanoseconds() + seconds * 1_000_000_000
  }

  init() {}

  /// The moment by which an exchange that begins now must be done.
  var endOfExchange: Int { end ?? monotonicNanoseconds() + total * 1_000_000_000 }
}
