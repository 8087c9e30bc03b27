// Starts and ends the programs that are measured.

internal import Glibc
package import LinuxSupport

/// A program that was started here. Whoever starts one stops it or waits for it.
package struct ChildProcess: Sendable {
  package let pid: Int32

  /// Starts a program in its own process group, so that Ctrl-C reaches the measuring program and not the measured one.
  /// - Parameters:
  ///   - program: a path, or a name to be found on the PATH.
  ///   - output: its standard output.
  ///   - errors: its standard error.
  package init(
    _ program: String, _ arguments: [String], output: Spawn.Stream, errors: Spawn.Stream
  ) throws(LoadError) {
    do throws(SystemError) {
      pid = try Spawn(program, arguments, streams: [.null, output, errors], leadsGroup: true).start()
    } catch {
      throw .system("start \(program)", errno: error.errno)
    }
  }

  /// Asks it to stop, waits ten seconds, and then kills it.
  package func stop() {
    guard kill(pid, SIGTERM) == 0 else { return }
    for _ in 0..<1000 {
      if hasEnded() { return }
      usleep(10_000)
    }
    kill(pid, SIGKILL)
    _ = wait()
  }

  /// Waits for its end, and returns how it ended; `nil` where it was waited for before.
  package func wait() -> ProcessEnding? { reap(pid) }

  /// Whether it has ended. Not to be called again once it has returned true.
  package func hasEnded() -> Bool {
    if case .success(nil) = reapIfEnded(pid) { false } else { true }
  }
}
