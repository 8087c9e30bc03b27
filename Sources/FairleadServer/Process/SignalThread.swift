// The thread that takes every signal, and that ends the process where a stop takes too long.

internal import Glibc
internal import LinuxSupport
internal import Dispatch

/// Waits for signals, so that none of them interrupts anything. The first SIGTERM or SIGINT stops the daemon, within
/// `StopLimits.seconds` from then on; a second one ends the process at once.
package final class SignalThread: Sendable {
  private static let waited = SignalSet(
    SignalPolicy.all.compactMap { if case .ignore = $0.policy { nil } else { $0.number } })

  private let log: LineLog
  private let progress: StopProgress
  private let stop = DispatchSemaphore(value: 0)

  /// Has the signals kept until `start`. To be called before there is a second thread.
  package static func prepare() {
    // Their default would end a process in a thread that somebody else's library has started before this.
    ignoreSignals(SignalPolicy.all.map(\.number))
    // Where a parent ignores it, the kernel reaps a hook's program by itself, and its number may be another's when it is killed.
    resetSignals([SIGCHLD])
    waited.block()
  }

  package init(log: LineLog, progress: StopProgress) {
    self.log = log
    self.progress = progress
  }

  /// From here on signals are acted on, those that came before included.
  package func start() throws(StartError) {
    do throws(SystemError) {
      try startThread { self.run() }
    } catch {
      throw StartError("cannot start a thread for signals: \(error)")
    }
  }

  /// Blocks until the daemon is to stop.
  package func waitForStop() { stop.wait() }

  private func run() {
    var deadline: Int?
    while true {
      guard let signal = Self.waited.wait(until: deadline) else { return giveUp() }
      guard let entry = SignalPolicy.all.first(where: { $0.number == signal.number }) else { continue }
      let sender = signal.sender.map { " from pid \($0.pid), uid \($0.uid)" } ?? ""
      switch entry.policy {
      case .stop where deadline == nil:
        deadline =
          monotonicNanoseconds() + Int((Double(StopLimits.seconds) - StopLimits.flushSeconds) * 1_000_000_000)
        log.line("stopping: asked by \(entry.name)\(sender); send it again to stop without waiting")
        stop.signal()
      case .stop: endProcess(by: entry.number)
      case .note(let meaning): log.line("\(entry.name)\(sender) is noted: \(meaning)")
      case .ignore: break
      }
    }
  }

  /// Not exit(3), which runs what other threads are in the middle of.
  private func giveUp() {
    progress.giveUp()
    log.line(
      "ends without waiting any longer for \(progress.step), \(StopLimits.seconds) seconds after the signal; "
        + "what was acknowledged is on disk")
    log.flush(withinSeconds: StopLimits.flushSeconds)
    _exit(1)
  }
}
