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
  let program: HookProgram
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
    _ program: HookProgram, bound: DispatchTimeInterval = .seconds(ServerLimits.hookSeconds),
    grace: DispatchTimeInterval = .seconds(ServerLimits.hookGraceSeconds), log: @escaping @Sendable (String) -> Void
  ) {
    self.program = program
    self.bound = bound
    self.grace = grace
    self.log = log
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

  /// Kills the program that runs, and waits for nothing, the lock included, which is held while a program is started: the
  /// process is about to end with the stop unfinished.
  func kill() {
    state.withLockIfAvailable { state in
      state.isStopping = true
      state.running?.signal(SIGKILL)
    }
  }

  /// One line: the change as `change.get` answers it, with its report.
  static func input(_ change: Change) -> [UInt8] {
    var object = change.json.objectValue ?? JSONObject()
    object["report"] = change.report.json
    return JSON.object(object).bytes + [UInt8(ascii: "\n")]
  }

  private func runNow(_ change: Change) {
    // Somebody may have changed the file since the start.
    do throws(StartError) {
      try program.check()
    } catch {
      return log("\(name(change)) is not run: \(error)")
    }
    let folder = makeFolder(change)
    guard let running = start(change, in: folder) else { return remove(folder, change) }
    end(running, after: bound)
    running.waitUntilEnded()
    // From here on no timer signals it.
    state.withLock { $0.running = nil }
    let ending = running.reap()
    remove(folder, change)
    switch ending {
    case .exited(status: 0): log("\(name(change)) ended well")
    case .exited(let status): log("\(name(change)) failed with exit status \(status)")
    case nil: log("\(name(change)) ended, and the system kept no status of it")
    case .signalled(let number): log("\(name(change)) was ended by signal \(number)")
    }
  }

  private func makeFolder(_ change: Change) -> HookFolder {
    do throws(SystemError) {
      return try HookFolder()
    } catch {
      log("\(name(change)) runs in /, since no folder could be made for it in /tmp: \(error)")
      return .root
    }
  }

  private func remove(_ folder: HookFolder, _ change: Change) {
    do throws(SystemError) {
      try folder.remove()
    } catch {
      log("\(name(change)) has left something in \(folder.path) that cannot be removed: \(error)")
    }
  }

  private func start(_ change: Change, in folder: HookFolder) -> TimeLimitedProcess? {
    state.withLock { state in
      guard !state.isStopping else {
        log("\(name(change)) is not run, since the daemon stops; the log has the change")
        return nil
      }
      switch program.start(input: Self.input(change), in: folder.path) {
      case .success(let running):
        state.running = running
        return running
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

  private func name(_ change: Change) -> String { "exec-on-revert for change \(change.seq): \(program.path)" }
}
