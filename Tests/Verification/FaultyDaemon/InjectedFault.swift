// The bugs that the faulty daemon can be started with, each as a hook of the daemon.

internal import Dispatch
internal import FairleadServer
internal import FairleadService

enum InjectedFault: String, CaseIterable {
  /// A change is acknowledged before it is on disk.
  case answersBeforeCommit
  /// Readers see a change before it is on disk.
  case publishesBeforeCommit
  /// A watch misses a change now and then.
  case skipsWatchedChange
  /// No commit ever ends, so that no stop does.
  case neverCommits

  /// `say` logs a line.
  func hooks(say: @escaping @Sendable (String) -> Void) -> FaultHooks {
    var hooks = FaultHooks()
    switch self {
    case .answersBeforeCommit:
      hooks.beforeCommit = { batch in
        batch.complete()
        stall()
      }
    case .publishesBeforeCommit:
      hooks.beforeCommit = { batch in
        batch.publish()
        stall()
      }
    case .skipsWatchedChange:
      hooks.beforeCommit = { _ in stall() }
      hooks.showsToWatches = { seq in seq % 5 != 0 }
    case .neverCommits:
      hooks.beforeCommit = { _ in
        say("holds a commit up")
        DispatchSemaphore(value: 0).wait()
      }
    }
    return hooks
  }
}

/// Holds each commit up for some milliseconds, so that what the fault lets slip can be observed on any disk.
private func stall() { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(3)) }
