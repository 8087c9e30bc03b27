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

  /// The time so much later, or the nearest that there is.
  package func adding(seconds: Int) -> BootTime {
    let (more, isTooMuch) = seconds.multipliedReportingOverflow(by: 1000)
    let (later, isTooLate) = milliseconds.addingReportingOverflow(more)
    return BootTime(boot: boot, milliseconds: isTooMuch || isTooLate ? (seconds < 0 ? .min : .max) : later)
  }
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
