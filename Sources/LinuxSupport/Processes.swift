// What becomes of a process that was started: its end, and its memory meanwhile.

internal import Glibc

/// How a process ended. Source: wait(2).
package enum ProcessEnding: Sendable, Hashable {
  case exited(status: Int32)
  /// The number of the signal that ended it.
  case signalled(Int32)

  /// Reads a status as waitpid(2) writes it: the low seven bits are the signal, the second byte is the exit status.
  init(waitStatus status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exited(status: status >> 8 & 0xFF) : .signalled(signal)
  }
}

/// Waits until the child `process` has ended, and takes its status, after which its number may be given to another process.
/// To be called once. `nil` where it is no child of this process, or was waited for already.
package func reap(_ process: Int32) -> ProcessEnding? {
  var status: Int32 = 0
  let ended = retryingInterrupts { waitpid(process, &status, 0) }
  return ended == process ? ProcessEnding(waitStatus: status) : nil
}

/// The same without waiting: `.success(nil)` while the child runs. Fails with ECHILD where there is no such child.
package func reapIfEnded(_ process: Int32) -> Result<ProcessEnding?, SystemError> {
  var status: Int32 = 0
  let ended = retryingInterrupts { waitpid(process, &status, WNOHANG) }
  if ended < 0 { return .failure(.last) }
  return .success(ended == process ? ProcessEnding(waitStatus: status) : nil)
}

/// The resident memory of a process in KiB; `nil` where there is no such process. Source: proc_pid_status(5), VmRSS.
package func residentKiB(of process: Int32) -> Int? {
  guard let file = fopen("/proc/\(process)/status", "r") else { return nil }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard text.hasPrefix("VmRSS:") else { continue }
    return text.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
  }
  return nil
}
