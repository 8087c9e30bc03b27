// The program of --exec-on-revert: whether it may be trusted, and the surroundings in which it runs.

internal import LinuxSupport
internal import Glibc

/// It runs as the daemon's user, so whoever may write it, or exchange it, could act as that user.
struct HookProgram: Sendable {
  let path: String
  /// All that it gets of an environment, as `NAME=value`: nothing of the daemon's, which may hold secrets, and `LD_` variables
  /// that load code.
  let environment: [String]

  /// - Parameter socket: where the daemon listens, for the program to ask it.
  init(path: String, socket: String) {
    self.path = path
    environment = [
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(homeFolder(of: geteuid()) ?? "/")",
      "LANG=C.UTF-8", "FAIRLEAD_SOCKET=\(socket)",
    ]
  }

  /// Refuses a program that could not be run, or that others could replace: at the start, and again before each run.
  func check() throws(StartError) {
    func refusal(_ why: String) -> StartError {
      StartError("cannot use '\(path)' for --exec-on-revert: \(why)")
    }
    guard path.hasPrefix("/") else { throw refusal("it is not an absolute path") }
    var status = stat()
    guard stat(path, &status) == 0 else { throw refusal(describe(errno: errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw refusal("it is not a file") }
    do throws(UntrustedPath) {
      try checkOnlyOwnersCanReplace(path)
    } catch {
      switch error.reason {
      case .owner(let uid):
        throw refusal(
          "\(error.path) belongs to uid \(uid), who could replace the program; 'chown' it to root or to the daemon's user"
        )
      case .writable:
        throw refusal("others may write \(error.path), and so replace the program; 'chmod go-w' it")
      case .system(let code): throw refusal("\(error.path): \(describe(errno: code))")
      }
    }
    guard access(path, X_OK) == 0 else { throw refusal("it may not be executed; 'chmod +x' it") }
  }

  /// Starts it with `input` on its standard input, in `folder`.
  func start(input: [UInt8], in folder: String) -> Result<TimeLimitedProcess, SystemError> {
    TimeLimitedProcess.start(path, input: input, environment: environment, in: folder)
  }
}

/// The folder of one run, removed when the run is over: private, so that nobody can put anything there for the program to find.
struct HookFolder: Sendable {
  /// `/` where none could be made, since a full disk is no reason not to say that a change was taken back.
  let path: String
  private let isOwn: Bool

  init() throws(SystemError) {
    path = try makeTemporaryFolder(in: "/tmp", prefix: "fairlead-hook-")
    isOwn = true
  }

  private init(shared path: String) {
    self.path = path
    isOwn = false
  }

  /// Where others may not put anything either.
  static let root = HookFolder(shared: "/")

  func remove() throws(SystemError) {
    if isOwn { try removeFolder(path) }
  }
}
