// Where the registry reads the time, so that tests can set it: the time that stamps a change, and the clocks of its deadlines.

internal import FairleadModel
internal import Synchronization

/// The clocks of one registry.
///
/// A change is stamped with the wall clock, and never earlier than the change before it. So after the wall clock was ahead for
/// a moment, stamps stand still until it has caught up, and a wait that is measured between them would last as long. Therefore
/// deadlines go by a wall clock that runs on from the log's end: whatever the wall clock does, ten seconds after a change that
/// clock is ten seconds later (decision 0023).
final class ClockSource: Sendable {
  private let readWall: @Sendable () -> Timestamp
  private let readBoot: @Sendable () -> BootTime?
  /// A stamp of the log, and the time since the boot at which it was the log's end.
  private let reached: Mutex<(at: Timestamp, boot: BootTime)?> = Mutex(nil)

  /// - Parameter boot: the clock that runs through suspension and that nobody sets; `nil` where the system has none.
  init(wall: @escaping @Sendable () -> Timestamp, boot: @escaping @Sendable () -> BootTime?) {
    readWall = wall
    readBoot = boot
  }

  /// The wall clock.
  var wall: Timestamp { readWall() }

  /// Both clocks, for deadlines: the wall clock does not stand before the log's end, which is `last`, and runs on from it.
  func clocks(after last: Timestamp?) -> Clocks { read(after: last).clocks }

  /// The time that stamps the next change, and the clocks of its deadlines, from one reading.
  func read(after last: Timestamp?) -> (stamp: Timestamp, clocks: Clocks) {
    let wall = readWall()
    let stamp = last.map { max(wall, $0) } ?? wall
    guard let boot = readBoot() else { return (stamp, Clocks(wall: stamp, boot: nil)) }
    let running = reached.withLock { reached -> Timestamp? in
      let running = reached.flatMap { reached in
        reached.boot.boot == boot.boot
          ? reached.at.adding(milliseconds: boot.milliseconds - reached.boot.milliseconds) : nil
      }
      guard let last, last > running ?? .earliest else { return running }
      reached = (last, boot)
      return last
    }
    return (stamp, Clocks(wall: max(wall, running ?? wall), boot: boot))
  }
}
