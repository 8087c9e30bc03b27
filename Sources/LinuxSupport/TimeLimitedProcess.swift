// A program that cannot hold up whoever started it: it reads from memory, writes to nowhere, and can be ended as a group.

internal import Glibc

/// A program in a process group of its own, with its input in a file in memory and its output discarded.
///
/// Nothing that it does with its streams can block the caller: its input is a file whether it reads it or not. What it leaves
/// running in its process group is killed with it; a program that leaves the group is not followed.
package struct TimeLimitedProcess: Sendable {
  package let process: Int32

  /// Starts the program at `path`, without arguments and without a shell, with `input` on its standard input, in `folder` and
  /// with `environment` as all of its environment, as `NAME=value`.
  package static func start(
    _ path: String, input: [UInt8], environment: [String], in folder: String
  ) -> Result<TimeLimitedProcess, SystemError> {
    Result { () throws(SystemError) in
      let descriptor = try memoryFile(input)
      defer { close(descriptor) }
      let spawn = Spawn(
        path, environment: environment, in: folder, streams: [.descriptor(descriptor), .null, .null], leadsGroup: true)
      return TimeLimitedProcess(process: try spawn.start())
    }
  }

  /// Sends a signal to everything in the program's group. Not to be called after `reap`: the number may be another's then.
  package func signal(_ number: Int32) { kill(-process, number) }

  /// Waits until the program has ended, by itself or by a signal. Its number stays taken until it is reaped. Source:
  /// waitid(2), WNOWAIT.
  package func waitUntilEnded() {
    var info = siginfo_t()
    _ = retryingInterrupts { waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) }
  }

  /// Kills what the program left behind in its group, and says how the program ended; `nil` where it was reaped before. To be
  /// called once, after it has ended.
  package func reap() -> ProcessEnding? {
    kill(-process, SIGKILL)
    return LinuxSupport.reap(process)
  }
}
