// Waits for the signal that asks the daemon to stop.

// Dispatch does not say so, but its sources may be used from any thread.
@preconcurrency internal import Dispatch
internal import Glibc

/// SIGTERM and SIGINT as something to wait for. A second signal ends the process at once, for an operator who cannot wait.
final class StopSignal: Sendable {
  private let sources: [any DispatchSourceSignal]
  private let arrived = DispatchSemaphore(value: 0)

  init() {
    // The default action would kill the process before the sources see the signal; writing to a gone peer is no reason
    // to die either, nor is a file that may grow no more: SQLite is told by an error, and says it on.
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
