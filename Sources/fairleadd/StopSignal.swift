// Waits for the signal that stops the daemon.

// Dispatch does not declare its sources as Sendable, but they may be used from any thread.
@preconcurrency internal import Dispatch
internal import Glibc

/// Waits for SIGTERM or SIGINT. A second signal ends the process at once, for an operator who does not want to wait.
final class StopSignal: Sendable {
  private let sources: [any DispatchSourceSignal]
  private let arrived = DispatchSemaphore(value: 0)

  init() {
    // The default action would kill the process before the sources see the signal. SIGPIPE and SIGXFSZ are ignored too:
    // the write to a peer that is gone, or to a file at its size limit, fails with an error that is handled there.
    for number in [SIGTERM, SIGINT, SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    sources = [SIGTERM, SIGINT].map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    for source in sources {
      source.setEventHandler { [arrived] in
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        arrived.signal()
      }
      source.activate()
    }
  }

  /// Blocks until a signal has come, and names the reason.
  func wait() -> String {
    arrived.wait()
    return "asked by a signal; send it again to stop without waiting"
  }
}
