// A background thread that repeats a step until nothing is left to do, and repeats a failed step after a pause.

// Dispatch is not annotated, but its queues and semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import Synchronization

final class RetryingLoop: Sendable {
  private enum State {
    case idle
    case running
    /// It was started again while it ran: there may be more to do than it knows.
    case runningAgain
    case stopped
  }

  private let state = Mutex(State.idle)
  private let thread = DispatchQueue(label: "fairlead.background", qos: .utility)
  private let stopped = DispatchSemaphore(value: 0)
  /// How long to wait after so many failures in a row.
  private let pause: @Sendable (_ failures: Int) -> DispatchTimeInterval

  /// The first pause is a second; it doubles with each failure up to a minute.
  init(
    pause: @escaping @Sendable (_ failures: Int) -> DispatchTimeInterval = { .seconds(min(1 << min($0 - 1, 16), 60)) }
  ) {
    self.pause = pause
  }

  /// Repeats `step` until it returns that there is no more to do. `onFailure` gets the first of several failures in a row.
  func start(_ step: @escaping @Sendable () throws -> Bool, onFailure: @escaping @Sendable (any Error) -> Void) {
    state.withLock { state in
      switch state {
      case .idle:
        state = .running
        thread.async { self.run(step, onFailure) }
      case .running: state = .runningAgain
      case .runningAgain, .stopped: break
      }
    }
  }

  /// Begins no further step, and waits for the current one.
  func stop() {
    state.withLock { $0 = .stopped }
    stopped.signal()
    thread.sync {}
  }

  private func run(_ step: () throws -> Bool, _ onFailure: (any Error) -> Void) {
    var failures = 0
    repeat {
      do {
        while !isStopped, try step() { failures = 0 }
        failures = 0
      } catch {
        failures += 1
        if failures == 1 { onFailure(error) }
        _ = stopped.wait(timeout: .now() + pause(failures))
      }
    } while continues(hasFailed: failures > 0)
  }

  private var isStopped: Bool { state.withLock { if case .stopped = $0 { true } else { false } } }

  /// Decided under the lock, so that a start at the same moment is either noticed here or starts a new run.
  private func continues(hasFailed: Bool) -> Bool {
    state.withLock { state in
      switch state {
      case .runningAgain:
        state = .running
        return true
      case .running where hasFailed: return true
      case .running, .idle:
        state = .idle
        return false
      case .stopped: return false
      }
    }
  }
}
