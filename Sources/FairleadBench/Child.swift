// Programs that are measured as whole processes.

import Glibc

struct Child {
  let pid: pid_t

  /// Starts `fairleadd` in `scratch`, and returns once its socket answers.
  static func daemon(programs: String, scratch: String) throws -> Child {
    let socket = "\(scratch)/s.sock"
    let child = try spawn(
      "\(programs)/fairleadd", ["--socket", socket, "--database", "\(scratch)/ledger.db"], output: STDERR_FILENO)
    for _ in 0..<500 {
      if let connection = try? BenchConnection(path: socket) {
        connection.end()
        return child
      }
      usleep(10_000)
    }
    throw BenchError("fairleadd did not start")
  }

  /// The median wall time of a program from its start to its end, in microseconds.
  static func medianRun(_ program: String, _ arguments: [String], rounds: Int) throws -> Int {
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(null) }
    let times = try (0..<rounds).map { _ in
      let start = Clock.microseconds()
      guard try spawn(program, arguments, output: null).wait() == 0 else { throw BenchError("\(program) failed") }
      return Clock.microseconds() - start
    }
    return times.percentile(0.5)
  }

  func stop() {
    kill(pid, SIGTERM)
    _ = wait()
  }

  private func wait() -> CInt {
    var status: CInt = 0
    waitpid(pid, &status, 0)
    return status
  }

  func residentKiB() throws -> Int {
    guard let file = fopen("/proc/\(pid)/status", "r") else { throw BenchError("no /proc/\(pid)/status") }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, CInt(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("VmRSS:") else { continue }
      return text.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    throw BenchError("no VmRSS for \(pid)")
  }

  private static func spawn(_ program: String, _ arguments: [String], output: CInt) throws -> Child {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, program, &actions, nil, words, environ) == 0 else {
      throw BenchError("cannot start \(program)")
    }
    return Child(pid: pid)
  }
}
