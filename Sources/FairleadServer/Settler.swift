// Settles registrations when they are due, while nobody asks for anything.

// Dispatch does not say so, but its sources may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import FairleadService

/// Sleeps until the next step is due. The wall clock decides, so that a step that fell due while the machine slept, or
/// across a jump of the clock, is taken when the clock says so.
final class Settler: Sendable {
  private let registry: Registry
  private let log: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "fairlead.settler")
  private let timer: any DispatchSourceTimer

  init(registry: Registry, log: @escaping @Sendable (String) -> Void) {
    self.registry = registry
    self.log = log
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler { [weak self] in self?.settle() }
    timer.schedule(deadline: .now())
    timer.activate()
  }

  /// Looks again; to be called after a change that may have started a step.
  func wake() { timer.schedule(deadline: .now()) }

  func stop() {
    timer.cancel()
    queue.sync {}
  }

  private func settle() {
    do throws(Refusal) {
      guard let due = try registry.settleDue() else { return }
      let wait = max(0, due.milliseconds - registry.time.milliseconds)
      timer.schedule(wallDeadline: .now() + .milliseconds(wait))
    } catch {
      log("a registration could not settle, and is tried again in a second: \(error.message)")
      timer.schedule(deadline: .now() + .seconds(1))
    }
  }
}
