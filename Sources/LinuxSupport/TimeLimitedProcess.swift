// Runs a program that cannot hold its caller up: bounded in time, deaf and dumb but for what it is given to read.

// Glibc's `environ` is a variable of C's; it is only read here, and nothing in this program sets it.
@preconcurrency internal import Glibc

/// A program in a process group of its own, with its input in a file of the memory and its output nowhere.
///
/// Nothing that it does with its streams can block the caller: an input that nobody reads is a file that nobody reads. What
/// it leaves running in its process group ends with it. A program that leaves the group is on its own.
package struct TimeLimitedProcess: Sendable {
  package enum Ending: Sendable, Hashable {
    case exited(status: Int32)
    case signalled(Int32)
  }

  package let process: Int32

  /// Starts the program at `path`, without arguments and without a shell, with `input` on its standard input.
  package static func start(_ path: String, input: [UInt8]) -> Result<TimeLimitedProcess, StartFailure> {
    let descriptor = memoryFile()
    guard descriptor >= 0 else { return .failure(StartFailure(errno: errno)) }
    defer { close(descriptor) }
    var written = 0
    while written < input.count {
      let count = input[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return .failure(StartFailure(errno: errno)) }
      written += count
    }
    lseek(descriptor, 0, SEEK_SET)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO)
    for output in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
    }
    // Whoever holds a descriptor of a client's connection can read its requests and answer in the daemon's place.
    guard let closeFrom else { return .failure(StartFailure(errno: ENOSYS)) }
    _ = closeFrom(&actions, STDERR_FILENO + 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A daemon ignores signals and blocks them; its children inherit that unless it is undone.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    guard let name = strdup(path) else { return .failure(StartFailure(errno: ENOMEM)) }
    defer { free(name) }
    var process = pid_t()
    let code = posix_spawn(&process, path, &actions, &attributes, [name, nil], environ)
    return code == 0 ? .success(TimeLimitedProcess(process: process)) : .failure(StartFailure(errno: code))
  }

  private typealias CloseFrom =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

  /// `posix_spawn_file_actions_addclosefrom_np`, which glibc has from 2.34 on and Swift's Glibc does not show. Closing what
  /// is open by number would miss a connection that is accepted meanwhile.
  private static let closeFrom: CloseFrom? = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
    .map { unsafeBitCast($0, to: CloseFrom.self) }

  /// A file in memory without a name, closed by exec; -1 where there is none to be had. A POSIX call, since Swift's Glibc
  /// shows none of GNU's own.
  private static func memoryFile() -> Int32 {
    let name = "/fairlead-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, mode_t(0o600))
    if descriptor >= 0 { shm_unlink(name) }
    return descriptor
  }

  package struct StartFailure: Error, Sendable, Hashable {
    package let errno: Int32
  }

  /// Sends a signal to everything in the program's group. Not to be called after `reap`: the number may be another's then.
  package func signal(_ number: Int32) { kill(-process, number) }

  /// Waits until the program has ended, by itself or by a signal. Its number stays taken until it is reaped.
  package func waitUntilEnded() {
    var info = siginfo_t()
    while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  /// Ends what the program left behind in its group, and tells how the program ended. To be called once, after it has.
  package func reap() -> Ending {
    kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited(status: status >> 8 & 0xFF) : .signalled(signal)
  }
}
