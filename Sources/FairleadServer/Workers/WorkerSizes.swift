// How many threads each lane of work has, and how far they stand back.

/// A thread holds a connection to the database while it reads, so there are no more threads than `Ledger.readers` allows for.
struct WorkerSizes: Sendable {
  /// Of the machine.
  let cores: Int

  /// Two at least of either kind of read, so that one step that the disk holds up is not everybody's.
  func threads(of lane: Work.Lane) -> Int {
    switch lane {
    case .short, .long: min(max(2, cores), 4)
    case .bulk: 1
    }
  }

  func niceness(of lane: Work.Lane) -> Int32 {
    switch lane {
    case .short: 0
    case .long, .bulk: 5
    }
  }
}
