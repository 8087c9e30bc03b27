// Two clocks that stand still until a test moves them.

import FairleadModel
import Synchronization

/// Two clocks that move only when a test says so.
final class Clock: Sendable {
  static let start = Timestamp(milliseconds: 1_795_000_000_000)

  private let time = Mutex((wall: Clock.start, boot: BootTime(boot: "boot-1", milliseconds: 5_000_000)))

  var now: Timestamp { time.withLock { $0.wall } }
  var boot: BootTime { time.withLock { $0.boot } }

  /// Time passes; less than none is a wall clock that is set back.
  func advance(_ seconds: Int) {
    time.withLock { time in
      time.wall = time.wall.adding(seconds: seconds)
      time.boot = time.boot.adding(seconds: max(0, seconds))
    }
  }

  /// Somebody sets the wall clock, and no time passes.
  func setWall(by seconds: Int) { time.withLock { $0.wall = $0.wall.adding(seconds: seconds) } }

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
