// Loads heads behind a daemon that is ready: a thread that takes one step after the other, until all is in memory.

// Dispatch does not say so, but its queues and semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import Synchronization

/// How the heads of clusters come into memory. Either way the first are read with the start.
package enum HeadsLoading: Sendable {
  /// By a thread of its own, so many at once.
  case behind(atOnce: Int)
  /// By whoever has the registry, with `loadMore`.
  case byHand(atOnce: Int)

  var atOnce: Int {
    switch self {
    case .behind(let count), .byHand(let count): count
    }
  }
}

/// Takes steps until there is none left, and again when it is asked to. A step that failed is taken again after a pause.
final class HeadsLoader: Sendable {
  private struct State {
    var isRunning = false
    /// Whether it was asked to run while it ran: what it found then may be out of date.
    var isAskedAgain = false
    var isStopped = false
  }

  private let state = Mutex(State())
  private let thread = DispatchQueue(label: "fairlead.loader", qos: .utility)
  private let stopped = DispatchSemaphore(value: 0)
  /// How long to wait after so many failures in a row.
  private let pause: @Sendable (_ failures: Int) -> DispatchTimeInterval

  init(
    pause: @escaping @Sendable (_ failures: Int) -> DispatchTimeInterval = { failures in
      .seconds(min(Limits.loadRetrySeconds << min(failures - 1, 16), Limits.loadRetrySecondsAtMost))
    }
  ) {
    self.pause = pause
  }

  /// Runs `step` until it answers that there is no more to do. `failed` hears of the first of several failures in a row.
  func run(_ step: @escaping @Sendable () throws -> Bool, failed: @escaping @Sendable (any Error) -> Void) {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isAskedAgain = state.isRunning
      guard !state.isRunning else { return }
      state.isRunning = true
      thread.async { self.work(step, failed) }
    }
  }

  /// Takes no further step, and waits for the one under way.
  func stop() {
    state.withLock { $0.isStopped = true }
    stopped.signal()
    thread.sync {}
  }

  private func work(_ step: () throws -> Bool, _ failed: (any Error) -> Void) {
    var failures = 0
    repeat {
      do {
        while !isStopped, try step() { failures = 0 }
        failures = 0
      } catch {
        failures += 1
        if failures == 1 { failed(error) }
        _ = stopped.wait(timeout: .now() + pause(failures))
      }
    } while goesOn(hasFailed: failures > 0)
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Decided under the lock, so that whoever asks in between finds a loader that goes on, or starts one.
  private func goesOn(hasFailed: Bool) -> Bool {
    state.withLock { state in
      state.isRunning = !state.isStopped && (hasFailed || state.isAskedAgain)
      state.isAskedAgain = false
      return state.isRunning
    }
  }
}
