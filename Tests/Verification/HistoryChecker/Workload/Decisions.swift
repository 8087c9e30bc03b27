// What a client does next: drawn from the seed, the client's number and the step's number, and from nothing else.

internal import DaemonTestSupport

/// The random choices of one step. The daemon's behaviour changes the numbers in the requests, never the kinds of requests: the
/// choices of a step do not depend on how many numbers the steps before it drew.
package struct Decisions {
  var random: SplitMix

  package init(seed: UInt64, client: Int, step: Int) {
    // The streams of neighbouring steps must not be shifted copies of each other, so the coordinates are mixed first.
    var mixer = SplitMix(seed: seed ^ (UInt64(client) << 40) ^ UInt64(step))
    random = SplitMix(seed: mixer.next())
  }

  enum Step {
    case single
    /// A change, and on its reply a read on the other connection: an acknowledged change must be visible everywhere.
    case changeThenRead
    /// A read, and on its reply another method on the other connection: what one read has shown, the next must show.
    case reads
    case pipeline(Int)
    case batch(Int)
    /// Requests whose replies are not waited for: the connection is closed.
    case abandon(Int)
    /// A change that was acknowledged before, sent again.
    case replay
    case watch
    case reconnect
  }

  mutating func step() -> Step {
    switch number(100) {
    case ..<20: .single
    case ..<42: .changeThenRead
    case ..<60: .reads
    case ..<72: .pipeline(2 + number(5))
    case ..<82: .batch(2 + number(4))
    case ..<88: .abandon(1 + number(3))
    case ..<94: .replay
    case ..<97: .watch
    default: .reconnect
    }
  }

  package mutating func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  mutating func isTrue(oneIn count: Int) -> Bool { number(count) == 0 }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
}
