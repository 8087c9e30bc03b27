// A wall clock and a boot clock that move only when a test says so.

import FairleadModel
import Synchronization

/// The wall clock and the boot clock of a test.
final class Clock: Sendable {
  static let start = Timestamp(milliseconds: 1_795_000_000_000)

  private let time = Mutex((wall: Clock.start, boot: BootTime(boot: "boot-1", milliseconds: 5_000_000)))

  var now: Timestamp { time.withLock { $0.wall } }
  var boot: BootTime { time.withLock { $0.boot } }

  /// Lets time pass. A negative number sets the wall clock back.
  func advance(_ seconds: Int) {
    time.withLock { time in
      time.wall = time.wall.adding(seconds: seconds)
      time.boot = time.boot.adding(seconds: max(0, seconds))
    }
  }

  /// Sets the wall clock; no time passes.
  func setWall(by seconds: Int) { time.withLock { $0.wall = $0.wall.adding(seconds: seconds) } }

  /// Sets the wall clock; no time passes.
  func setWall(to wall: Timestamp) { time.withLock { $0.wall = wall } }

  /// The machine starts again, `seconds` later.
  func reboot(_ boot: String = "boot-2", after seconds: Int) {
    time.withLock { time in
      time.wall = time.wall.adding(seconds: seconds)
      time.boot = BootTime(boot: boot, milliseconds: 20_000)
    }
  }

  func advance(to other: Clock) {
    let (wall, boot) = (other.now, other.boot)
    time.withLock { $0 = (wall, boot) }
  }
}
