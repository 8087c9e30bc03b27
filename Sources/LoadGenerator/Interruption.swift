// Signals that ask to stop, held back and checked between two steps, so that started programs are also ended.

internal import Glibc

/// SIGINT, SIGTERM and SIGHUP, blocked in this thread and the threads that it starts. One that is ignored stays ignored.
package final class Interruption {
  private var signals = sigset_t()
  private var received: Int32?

  /// Blocks the signals from now on.
  package init() {
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// The signal that arrived, if one did. It stays set.
  package var signal: Int32? {
    guard received == nil else { return received }
    var none = timespec()
    let number = sigtimedwait(&signals, nil, &none)
    if number > 0 { received = number }
    return received
  }

  /// Throws if a signal has arrived.
  package func check() throws(LoadError) {
    if let signal { throw .interrupted(signal: signal) }
  }

  /// Lets the signal that arrived end this process, as it would have without being blocked; returns if none has arrived.
  package func die() {
    guard let signal else { return }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(signal)
  }
}
