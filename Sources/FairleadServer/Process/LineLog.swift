// The daemon's log: whoever logs a line never waits, and one thread writes.

// Dispatch does not declare its sources as Sendable, but they may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import LinuxSupport
internal import Synchronization

/// Lines for an operator, on a descriptor that may be a pipe that nobody reads.
///
/// A line is put into a bounded queue. One thread takes it from there and may block in write(2) for good; nothing else does.
/// A line that finds the queue full is dropped and counted, and once there is room again a line says how many were. The
/// descriptor is not made non-blocking: it is shared with whoever started the daemon (open(2), O_NONBLOCK belongs to the open
/// file description).
package final class LineLog: Sendable {
  /// What is queued at most. A start, a stop and any fault are some dozens of lines.
  package struct Limits: Sendable {
    package var lines = 1024
    package var bytes = 256 << 10

    package init() {}
  }

  private let name: String
  private let descriptor: Int32
  private let limits: Limits
  private let queue = Mutex(LogQueue())
  private let hasLines = DispatchSemaphore(value: 0)
  /// Reports are made here and never by whoever logs, who may hold a lock that the listener takes.
  private let reports = DispatchQueue(label: "fairlead.log-trouble")
  private let listener = Mutex<(@Sendable (LogTrouble) -> Void)?>(nil)
  /// Looks whether a write hangs, which the thread in it cannot say.
  private let looks: any DispatchSourceTimer

  /// - Parameter name: what each line begins with.
  package init(name: String, descriptor: Int32, limits: Limits = Limits()) {
    self.name = name
    self.descriptor = descriptor
    self.limits = limits
    looks = DispatchSource.makeTimerSource(queue: reports)
    looks.schedule(deadline: .distantFuture)
    looks.setEventHandler { [weak self] in self?.look() }
    looks.activate()
    do throws(SystemError) {
      try startThread { self.writeLines() }
    } catch {
      // Without a thread there is no log, and hardly a daemon. The lines are counted as dropped.
      queue.withLock { $0.close() }
    }
  }

  /// Has `listener` told what is wrong with the log, now and whenever it changes: on a queue of its own, one call at a time.
  package func onTrouble(_ listener: @escaping @Sendable (LogTrouble) -> Void) {
    self.listener.withLock { $0 = listener }
    looks.schedule(deadline: .now(), repeating: .milliseconds(ServerLimits.logPatienceMs / 2))
    queue.withLock { queue in
      queue.reportAnyway()
      if queue.mustReport() { report() }
    }
  }

  /// Logs a line; returns at once.
  package func line(_ text: String) {
    let bytes = LogLine.bytes(text, from: name)
    queue.withLock { queue in
      if queue.add(bytes, limits: limits, now: .now) { hasLines.signal() }
      if queue.mustReport() { report() }
    }
  }

  /// Waits until all lines before this call are written or have failed, at most `seconds`.
  package func flush(withinSeconds seconds: Double) {
    let done = DispatchSemaphore(value: 0)
    guard queue.withLock({ $0.whenEmpty { done.signal() } }) else { return }
    _ = done.wait(timeout: .now() + seconds)
  }

  private func look() {
    queue.withLock { queue in
      queue.look(now: .now)
      if queue.mustReport() { report() }
    }
  }

  /// Reports the trouble as it is by then.
  private func report() {
    reports.async { [self] in
      let trouble = queue.withLock { $0.takeReport() }
      listener.withLock { $0 }?(trouble)
    }
  }

  // MARK: The thread

  private func writeLines() {
    while true {
      let (entry, isFailing) = queue.withLock { ($0.next(), $0.isFailing) }
      guard let entry else {
        if isFailing { retry() } else { hasLines.wait() }
        continue
      }
      var error: SystemError?
      do throws(SystemError) {
        try writeAllWaiting(entry.bytes(from: name), to: descriptor)
      } catch let failure {
        error = failure
      }
      queue.withLock { queue in
        queue.wrote(entry, error: error, now: .now)
        if queue.mustReport() { report() }
      }
    }
  }

  /// A disk that was full may have room by now, and nobody may have a line to try it with.
  private func retry() {
    guard hasLines.wait(timeout: .now() + .seconds(ServerLimits.logRetrySeconds)) == .timedOut else { return }
    queue.withLock { $0.retry() }
  }
}
