// What a daemon holds while nobody is connected, which is where a leak shows.

package import DaemonTestSupport
internal import Foundation

/// Descriptors and resident memory, as the kernel counts them.
package struct Cost: Sendable, CustomStringConvertible {
  package let descriptors: Int
  package let residentKiB: Int

  package init(descriptors: Int, residentKiB: Int) {
    self.descriptors = descriptors
    self.residentKiB = residentKiB
  }

  package var description: String { "\(descriptors) descriptors, \(residentKiB) KiB resident" }

  /// The number of sockets that a daemon has open; with nobody connected, that is the listener alone.
  package static func sockets(of daemon: RunningDaemon) throws -> Int {
    try links(of: daemon).count { $0.hasPrefix("socket:") }
  }

  /// Counts, once the daemon has at most `sockets` sockets, or after 30 seconds: it closes the socket of a peer a moment after
  /// the peer is gone.
  package static func settled(of daemon: RunningDaemon, sockets: Int) throws -> Cost {
    let deadline = ContinuousClock.now + .seconds(30)
    while try self.sockets(of: daemon) > sockets, ContinuousClock.now < deadline {
      Thread.sleep(forTimeInterval: 0.01)
    }
    return Cost(descriptors: count(try links(of: daemon)), residentKiB: try daemon.residentKiB())
  }

  /// Kernel timers that are no leak, however late they appear: the event loop's, and one for each of three clocks, which
  /// libdispatch opens when it first needs it, and keeps.
  private static let timers = 4

  /// Descriptors of the ledger's files that are no leak, however late they appear: a connection of the daemon's to its database
  /// is opened when reads first overlap so much, and has one for the file and one for the write-ahead log. Eight connections, and
  /// the shared index.
  private static let ledgerFiles = 17

  /// The number of descriptors, without those that are opened once and late.
  package static func count(_ links: [String]) -> Int {
    let timers = links.count { $0 == "anon_inode:[timerfd]" }
    let files = links.count { link in [".db", ".db-wal", ".db-shm"].contains { link.hasSuffix($0) } }
    return links.count - min(timers, Self.timers) - min(files, ledgerFiles)
  }

  /// What each descriptor refers to. One that is closed meanwhile is left out.
  private static func links(of daemon: RunningDaemon) throws -> [String] {
    let folder = "/proc/\(daemon.pid)/fd"
    return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
    }
  }

  /// How resident memory changed over a series of rounds.
  package struct Growth: Sendable, CustomStringConvertible {
    /// Medians of the second and of the last third: the first third is warming up.
    package let middle: Int
    package let end: Int

    /// An allocator keeps some of what it had at the busiest moment, which may come late in the run. A leak of a hundred bytes a
    /// request is megabytes in each third of a run of minutes.
    package var isLeak: Bool { end > middle + middle / 20 + 2048 }

    package var description: String {
      "resident memory, medians of the second and of the last third: \(middle) KiB, \(end) KiB"
    }
  }

  /// `nil` for a series that is too short to say.
  package static func growth(_ costs: [Cost]) -> Growth? {
    let third = costs.count / 3
    guard third >= 3 else { return nil }
    func median(_ costs: ArraySlice<Cost>) -> Int {
      let sorted = costs.map(\.residentKiB).sorted()
      return sorted[sorted.count / 2]
    }
    return Growth(
      middle: median(costs[third..<(costs.count - third)]), end: median(costs[(costs.count - third)...]))
  }
}
