// Waits for any of many descriptors or a signal, up to a time limit.

internal import LinuxSupport
internal import Glibc

struct Poller {
  private var polls: [pollfd]
  private let interruption: Interruption?
  private var checkedAt = monotonicNanoseconds()

  /// Seconds without a byte after which the peer is given up. The commit of a batch takes far less.
  static let patience = 60

  init(_ descriptors: [Int32], _ interruption: Interruption?) {
    polls = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    self.interruption = interruption
  }

  /// Returns once something can be read or sent.
  mutating func wait() throws(LoadError) {
    let start = monotonicNanoseconds()
    if start - checkedAt > 20_000_000 {
      try interruption?.check()
      checkedAt = start
    }
    while poll(&polls, nfds_t(polls.count), 50) <= 0 {
      try interruption?.check()
      if monotonicNanoseconds() - start > Self.patience * 1_000_000_000 { throw .silent(seconds: Self.patience) }
    }
  }

  func isReady(_ index: Int) -> Bool { polls[index].revents != 0 }

  mutating func wantsToSend(_ index: Int, _ wants: Bool) {
    polls[index].events = Int16(wants ? POLLIN | POLLOUT : POLLIN)
  }
}

/// The requests of one connection that wait for their reply, oldest first, in a ring of fixed size.
struct InFlightWindow {
  private var ring: [(sentAt: Int, kind: Int)]
  private var start = 0
  private var count = 0

  init(_ capacity: Int) { ring = Array(repeating: (0, 0), count: max(1, capacity)) }

  var isFull: Bool { count == ring.count }
  var first: (sentAt: Int, kind: Int)? { count == 0 ? nil : ring[start] }

  mutating func append(_ sentAt: Int, _ kind: Int) {
    ring[(start + count) % ring.count] = (sentAt, kind)
    count += 1
  }

  mutating func removeFirst() {
    start = (start + 1) % ring.count
    count -= 1
  }
}
