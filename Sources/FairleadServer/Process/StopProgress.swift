// What a stop is waiting for, for whoever ends the process when it has waited long enough.

internal import Synchronization

/// Kept up to date by `Daemon.stop`, and read by the program's watchdog.
package final class StopProgress: Sendable {
  private struct State {
    var step = "the start"
    var lastResort: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  /// What is waited for now, in words such as "the changes in the queue".
  package var step: String { state.withLock { $0.step } }

  func waits(for step: String) { state.withLock { $0.step = step } }

  /// Has `action` called before the process is ended with the stop unfinished. It must not wait for anything.
  func beforeGivingUp(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.lastResort = action } }

  /// The stop is given up: ends what would outlive the process.
  package func giveUp() { state.withLock { $0.lastResort }?() }
}

/// The time that a stop takes at most.
package enum StopLimits {
  /// Seconds from the signal to the end of the process, whatever holds the stop up. Peers that do not take their replies have 5
  /// of them (`ServerLimits.drainSeconds`), a hook that ignores SIGTERM 2, and another program's lock on the database 3.
  package static let seconds = 10

  /// Seconds of those that the last lines of the log have to be written.
  package static let flushSeconds = 0.5
}
