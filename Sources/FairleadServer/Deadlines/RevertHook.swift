// Runs the operator's program after the daemon has reverted an unconfirmed change.

internal import Dispatch
internal import ExactJSON
internal import FairleadModel
internal import LinuxSupport
internal import Glibc
internal import Synchronization

/// Runs the program of `--exec-on-revert`, once for each revert and one at a time, in the order of the log.
///
/// A revert is durable before its program starts, and the program runs at most once for it: a daemon that dies in between
/// does not run it later. The log has the revert in any case.
final class RevertHook: Sendable {
  private let path: String
  private let bound: DispatchTimeInterval
  private let grace: DispatchTimeInterval
  private let log: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "fairlead.revert-hook")
  private let state = Mutex(State())

  private struct State {
    var running: TimeLimitedProcess?
    var isStopping = false
  }

  init(
    path: String, bound: DispatchTimeInterval = .seconds(ServerLimits.hookSeconds),
    grace: DispatchTimeInterval = .seconds(ServerLimits.hookGraceSeconds), log: @escaping @Sendable (String) -> Void
  ) {
    self.path = path
    self.bound = bound
    self.grace = grace
    self.log = log
  }

  /// Refuses at start-up a program that could not be run after a revert.
  static func check(_ path: String) throws(StartError) {
    func refusal(_ why: String) -> StartError {
      StartError("cannot use '\(path)' for --exec-on-revert: \(why)")
    }
    guard path.hasPrefix("/") else { throw refusal("it is not an absolute path") }
    var status = stat()
    guard stat(path, &status) == 0 else { throw refusal(describe(errno: errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw refusal("it is not a file") }
    guard access(path, X_OK) == 0 else { throw refusal("it may not be executed; 'chmod +x' it") }
  }

  /// Runs the program with `change` after those before it; returns at once.
  func run(_ change: Change) {
    queue.async { [self] in runNow(change) }
  }

  /// Ends the program that runs, drops those that wait, and returns once that is done.
  func stop() {
    let running = state.withLock { state in
      state.isStopping = true
      return state.running
    }
    if let running { end(running, after: .seconds(0)) }
    queue.sync {}
  }

  /// One line: the change as `change.get` answers it, with its report.
  static func input(_ change: Change) -> [UInt8] {
    var object = change.json.objectValue ?? JSONObject()
    object["report"] = change.report.json
    return JSON.object(object).bytes + [UInt8(ascii: "\n")]
  }

  private func runNow(_ change: Change) {
    guard let program = start(change) else { return }
    end(program, after: bound)
    program.waitUntilEnded()
    // From here on no timer signals it.
    state.withLock { $0.running = nil }
    switch program.reap() {
    case .exited(status: 0): log("\(name(change)) ended well")
    case .exited(let status): log("\(name(change)) failed with exit status \(status)")
    case nil: log("\(name(change)) ended, and the system kept no status of it")
    case .signalled(let number): log("\(name(change)) was ended by signal \(number)")
    }
  }

  private func start(_ change: Change) -> TimeLimitedProcess? {
    state.withLock { state in
      guard !state.isStopping else {
        log("\(name(change)) is not run, since the daemon stops; the log has the change")
        return nil
      }
      switch TimeLimitedProcess.start(path, input: Self.input(change)) {
      case .success(let program):
        state.running = program
        return program
      case .failure(let failure):
        log("\(name(change)) cannot be started: \(describe(errno: failure.errno))")
        return nil
      }
    }
  }

  /// Sends `program` SIGTERM once `time` has passed, and SIGKILL `grace` later; does nothing where it has ended by then.
  private func end(_ program: TimeLimitedProcess, after time: DispatchTimeInterval) {
    let timers = DispatchQueue.global()
    timers.asyncAfter(deadline: .now() + time) { [self] in
      signal(program, SIGTERM)
      timers.asyncAfter(deadline: .now() + grace) { [self] in signal(program, SIGKILL) }
    }
  }

  /// Under the lock: a program that has been waited for is no longer `running`, and its pid may be another process's.
  private func signal(_ program: TimeLimitedProcess, _ number: Int32) {
    state.withLock { state in
      if state.running?.process == program.process { program.signal(number) }
    }
  }

  private func name(_ change: Change) -> String { "exec-on-revert for change \(change.seq): \(path)" }
}
