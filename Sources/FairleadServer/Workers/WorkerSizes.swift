// How many threads each lane of work has, how much they may have begun, and how far they stand back.

/// A thread holds a connection to the database while it reads. Together with the warm-up, the timer of the deadlines and the
/// commit stage there are no more threads that read than the store has connections (`StoreLimits.readers`), so that none waits
/// for what another one reads.
struct WorkerSizes: Sendable {
  /// Of the machine.
  let cores: Int

  /// Two at least of either kind of read, so that one step that the disk holds up is not everybody's.
  func threads(of lane: Work.Lane) -> Int {
    switch lane {
    case .short: min(max(2, cores), 4)
    case .long: min(max(2, cores), 3)
    case .decoding, .bulk, .waiting: 1
    }
  }

  /// How many connections may be in the middle of work that keeps something: enough for the threads never to wait for it, few
  /// enough for half pages of `Limits.pageBytes` each.
  func places(of lane: Work.Lane) -> Int { min(2 * threads(of: lane), 8) }

  func niceness(of lane: Work.Lane) -> Int32 {
    switch lane {
    case .short, .waiting: 0
    case .long, .decoding, .bulk: 5
    }
  }
}
