// Settles registrations and reverts unconfirmed changes when they are due, without a request.

// Dispatch does not declare its sources as Sendable, but they may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import FairleadService
internal import Synchronization

/// Sleeps until the next deadline. Registrations settle by the wall clock, so the timer is set on that clock: a deadline that
/// passed while the machine was suspended, or across a jump of the clock, fires when the clock says so. A change that waits
/// to be confirmed goes by CLOCK_BOOTTIME, which no timer follows across a suspension, so that deadline is polled.
final class DeadlineTimer: Sendable {
  private let registry: Registry
  private let log: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "fairlead.deadlines")
  private let timer: any DispatchSourceTimer
  private enum State {
    case idle
    /// A look at the deadlines is queued.
    case queued
    case stopped
  }

  private let state = Mutex(State.idle)

  /// What the log has said of each of the two steps.
  private struct Reports {
    var confirm = RetryReport(
      failure: "an unconfirmed change could not be taken back", recovery: "unconfirmed changes can be taken back again")
    var settle = RetryReport(failure: "a registration could not settle", recovery: "registrations can settle again")
  }

  private let reports = Mutex(Reports())

  init(registry: Registry, log: @escaping @Sendable (String) -> Void) {
    self.registry = registry
    self.log = log
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler { [weak self] in self?.lookAtDeadlines() }
    timer.schedule(deadline: .now())
    timer.activate()
  }

  /// Looks at the deadlines again; to be called after a change that may have set one. It is queued rather than setting the
  /// timer here: a look that is under way has read the deadlines before the change, and sets the timer after it.
  func wake() {
    let mustQueue = state.withLock { state in
      guard case .idle = state else { return false }
      state = .queued
      return true
    }
    if mustQueue { queue.async { self.lookAtDeadlines() } }
  }

  func stop() {
    state.withLock { $0 = .stopped }
    timer.cancel()
    queue.sync {}
  }

  private func lookAtDeadlines() {
    let isStopped = state.withLock { state in
      if case .stopped = state { return true }
      state = .idle
      return false
    }
    guard !isStopped else { return }
    let confirm = attempt(\.confirm) { () throws(Refusal) in
      try registry.revertDue().map { min($0, DeadlineLimits.pollSeconds * 1000) }
    }
    let settle = attempt(\.settle) { () throws(Refusal) in
      try registry.settleDue().map { max(0, $0.milliseconds - registry.clocks.wall.milliseconds) }
    }
    switch (confirm, settle) {
    case (nil, nil): break
    case (nil, let settle?): timer.schedule(wallDeadline: .now() + .milliseconds(settle))
    case (let confirm?, let settle): timer.schedule(deadline: .now() + .milliseconds(min(confirm, settle ?? confirm)))
    }
  }

  /// Milliseconds until `step` is due again; `nil` where nothing waits.
  private func attempt(_ report: WritableKeyPath<Reports, RetryReport>, _ step: () throws(Refusal) -> Int?) -> Int? {
    let (next, line): (Int?, String?)
    do throws(Refusal) {
      next = try step()
      line = reports.withLock { $0[keyPath: report].worked() }
    } catch {
      next = 1000
      line = reports.withLock { $0[keyPath: report].failed(error.message) }
    }
    if let line { log(line) }
    return next
  }
}
