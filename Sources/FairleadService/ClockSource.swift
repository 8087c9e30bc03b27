// Where the registry reads the time, so that tests can set it.

internal import FairleadModel

struct ClockSource: Sendable {
  let now: @Sendable () -> Timestamp
  /// The clock that runs through suspension and that nobody sets; `nil` where the system has none.
  let bootTime: @Sendable () -> BootTime?

  /// Both clocks, now.
  var clocks: Clocks { Clocks(wall: now(), boot: bootTime()) }
}
