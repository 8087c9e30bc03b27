// Settles registrations and takes unconfirmed changes back when they are due, while nobody asks for anything.

// Dispatch does not say so, but its sources may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import FairleadService
internal import Synchronization

/// Sleeps until the next step is due. The wall clock decides on registrations, so that a step that fell due while the
/// machine slept, or across a jump of the clock, is taken when the clock says so. What waits to be confirmed goes by a clock
/// that no timer follows across a sleep of the machine, so it is looked at again and again.
final class DeadlineTimer: Sendable {
  private let registry: Registry
  private let log: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "fairlead.settler")
  private let timer: any DispatchSourceTimer
  private struct State {
    /// Whether a look is queued already.
    var isAsked = false
    var isStopped = false
  }

  private let state = Mutex(State())

  init(registry: Registry, log: @escaping @Sendable (String) -> Void) {
    self.registry = registry
    self.log = log
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler { [weak self] in self?.settle() }
    timer.schedule(deadline: .now())
    timer.activate()
  }

  /// Looks again; to be called after a change that may have set a deadline. Behind a look that is under way, which has read
  /// the deadlines before and sets the timer after: setting the timer here would be undone by that.
  func wake() {
    let isFirst = state.withLock { state in
      defer { state.isAsked = true }
      return !state.isAsked
    }
    if isFirst { queue.async { self.settle() } }
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    timer.cancel()
    queue.sync {}
  }

  private func settle() {
    let isStopped = state.withLock { state in
      state.isAsked = false
      return state.isStopped
    }
    guard !isStopped else { return }
    let confirm = attempt("an unconfirmed change could not be taken back") { () throws(Refusal) in
      try registry.revertDue().map { min($0, Limits.confirmLookSeconds * 1000) }
    }
    let settle = attempt("a registration could not settle") { () throws(Refusal) in
      try registry.settleDue().map { max(0, $0.milliseconds - registry.time.milliseconds) }
    }
    switch (confirm, settle) {
    case (nil, nil): break
    case (nil, let settle?): timer.schedule(wallDeadline: .now() + .milliseconds(settle))
    case (let confirm?, let settle): timer.schedule(deadline: .now() + .milliseconds(min(confirm, settle ?? confirm)))
    }
  }

  /// Milliseconds until `step` is to be taken again; `nil` where nothing waits.
  private func attempt(_ failure: String, _ step: () throws(Refusal) -> Int?) -> Int? {
    do throws(Refusal) {
      return try step()
    } catch {
      log("\(failure), and is tried again in a second: \(error.message)")
      return 1000
    }
  }
}
