// Programs that are measured, started and ended.

internal import Glibc

/// A program that was started here. Whoever starts one stops it.
package struct ChildProcess: Sendable {
  package let pid: Int32

  /// Starts a program in a process group of its own, so that Ctrl-C reaches whoever measures and not what is measured.
  /// - Parameters:
  ///   - program: a path, or a name to be found on the PATH.
  ///   - output: the descriptor for its standard output.
  ///   - errors: the descriptor for its standard error.
  package init(_ program: String, _ arguments: [String], output: Int32, errors: Int32) throws(LoadError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var pipe = none
    sigaddset(&pipe, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &pipe)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, program, &actions, &attributes, words, environ)
    guard code == 0 else { throw .system("start \(program)", errno: code) }
    self.pid = pid
  }

  /// Asks it to stop, waits ten seconds, and then ends it.
  package func stop() {
    guard kill(pid, SIGTERM) == 0 else { return }
    for _ in 0..<1000 {
      if hasEnded() { return }
      usleep(10_000)
    }
    kill(pid, SIGKILL)
    _ = wait()
  }

  /// Waits for its end, and returns the raw status.
  package func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// Whether it has ended; to be asked until it says so, and not again.
  package func hasEnded() -> Bool {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) != 0
  }

  /// Resident memory in KiB, as the kernel counts it; `nil` for a process that is gone.
  package func residentKiB() -> Int? {
    guard let file = fopen("/proc/\(pid)/status", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("VmRSS:") else { continue }
      return text.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
    }
    return nil
  }
}
