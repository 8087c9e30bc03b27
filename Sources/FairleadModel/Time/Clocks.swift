// The two clocks that decide deadlines: the wall clock, and the time since the machine started.

/// The time since the machine started, suspension included, with the identity of that start. Nobody can set this clock.
package struct BootTime: Sendable, Hashable {
  /// The kernel's `boot_id`: another one after each start of the machine.
  package let boot: String
  package let milliseconds: Int

  package init(boot: String, milliseconds: Int) {
    self.boot = boot
    self.milliseconds = milliseconds
  }

  package func adding(seconds: Int) -> BootTime { BootTime(boot: boot, milliseconds: milliseconds + seconds * 1000) }
}

/// One reading of both clocks.
package struct Clocks: Sendable, Hashable {
  package let wall: Timestamp
  /// `nil` where the system has no such clock; then the wall clock alone decides.
  package let boot: BootTime?

  package init(wall: Timestamp, boot: BootTime?) {
    self.wall = wall
    self.boot = boot
  }
}
