// A program that a test started, and that ends with it.

// Glibc's `environ` is a variable of C's; it is only read here, and no test sets it.
@preconcurrency internal import Glibc

/// Started with `posix_spawn` and waited for with `waitpid`: Foundation's `Process` hears of an end over its run loop, and
/// has been seen to wait for a program that had ended and was reaped. Not to be used by two threads at once.
package final class Child {
  /// What one of the standard streams is.
  package enum Stream {
    case nothing
    /// A file, which exists: read from its beginning, or written to from there.
    case file(String)
    /// A descriptor of this process, which stays its owner's to close.
    case descriptor(Int32)
  }

  package let pid: Int32
  /// As `waitpid` tells it; `nil` until the program has been waited for.
  private var status: Int32?

  /// Starts `program`, which is looked up in `PATH` where it has no slash, with no descriptors but the three, and with every
  /// signal as a shell in the foreground would leave it.
  ///
  /// `environment` replaces this process's own; `folder` is where the program starts.
  package init(
    _ program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String]? = nil,
    input: Stream = .nothing, output: Stream = .nothing, errors: Stream = .nothing
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, stream) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
      switch stream {
      case .nothing: posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      case .file(let path):
        posix_spawn_file_actions_addopen(
          &actions, descriptor, path, descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0)
      case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, descriptor)
      }
    }
    if let folder {
      try Self.glibc(ChangeFolder.self, "posix_spawn_file_actions_addchdir_np")(&actions, folder).checked()
    }
    try Self.glibc(CloseFrom.self, "posix_spawn_file_actions_addclosefrom_np")(&actions, STDERR_FILENO + 1).checked()

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = (environment ?? [:]).map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var pid = pid_t()
    let error =
      environment == nil
      ? posix_spawnp(&pid, program, &actions, &attributes, &words, environ)
      : posix_spawnp(&pid, program, &actions, &attributes, &words, &settings)
    guard error == 0 else { throw Failure("cannot start \(program): \(String(cString: strerror(error)))") }
    self.pid = pid
  }

  deinit {
    guard isRunning else { return }
    kill(pid, SIGKILL)
    wait()
  }

  /// Whether nothing has ended it yet.
  package var isRunning: Bool {
    reap(WNOHANG)
    return status == nil
  }

  /// Sends a signal, unless the program was waited for: its number may be another's then.
  package func send(signal: Int32) {
    if status == nil { kill(pid, signal) }
  }

  /// Waits for the program to end, and returns its exit status, or the signal that ended it as a negative number.
  @discardableResult
  package func wait() -> Int32 {
    reap(0)
    // Only this object waits for its number, so that there was an end to learn of.
    guard let status else { preconditionFailure("nobody else waits for process \(pid)") }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : -signal
  }

  private func reap(_ options: Int32) {
    guard status == nil else { return }
    var ending: Int32 = 0
    var ended: pid_t
    repeat { ended = waitpid(pid, &ending, options) } while ended < 0 && errno == EINTR
    if ended == pid { status = ending }
  }

  // MARK: What Swift's Glibc does not show

  private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>
  private typealias ChangeFolder = @convention(c) (Actions, UnsafePointer<CChar>) -> Int32
  private typealias CloseFrom = @convention(c) (Actions, Int32) -> Int32

  /// A function of glibc's own by its name: those here are in it from 2.34 on.
  private static func glibc<Function>(_ type: Function.Type, _ name: String) throws -> Function {
    guard let symbol = dlsym(nil, name) else { throw Failure("this glibc has no \(name)") }
    return unsafeBitCast(symbol, to: type)
  }
}

extension Int32 {
  /// Throws where a call that returns an error's number did.
  fileprivate func checked() throws {
    guard self == 0 else { throw Failure(String(cString: strerror(self))) }
  }
}
