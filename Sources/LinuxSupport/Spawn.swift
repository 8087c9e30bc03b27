// Starts programs: the one place that calls posix_spawn.

internal import CLinuxSupport
// Glibc's `environ` is a variable of C's; it is only read here, and nothing in these programs sets it.
@preconcurrency internal import Glibc

/// A program to be started, with what it inherits. Source: posix_spawn(3).
///
/// A child gets the descriptors that `streams` names and no others, so that no client's connection and no database leaks into
/// it. Its signals are those of a program that a shell starts in the foreground: none blocked, all with their default action,
/// whatever this process ignores or blocks (signal(7): exec keeps both).
package struct Spawn: Sendable {
  /// What a child's descriptor is connected to.
  package enum Stream: Sendable, Hashable {
    /// /dev/null, for reading and writing.
    case null
    /// A file that exists, read from its beginning.
    case reading(String)
    /// A file that is emptied, or made with mode 0600 where it does not exist, and written.
    case writing(String)
    /// A descriptor of this process, which stays the caller's to close. Its number must not be below the
    /// child's: those are connected in order, and a lower one has been replaced by then.
    case descriptor(Int32)
  }

  /// A path, or, where it has no slash, a name that is looked up in this process's PATH.
  package var program: String
  package var arguments: [String]
  /// `NAME=value`; `nil` is this process's own environment.
  package var environment: [String]?
  /// Where it starts; `nil` is this process's own folder.
  package var folder: String?
  /// The child's descriptors, from 0 on.
  package var streams: [Stream]
  /// Whether it leads a process group of its own, which a terminal's Ctrl-C does not reach and `kill(-pid)` ends as a whole.
  package var leadsGroup: Bool

  package init(
    _ program: String, _ arguments: [String] = [], environment: [String]? = nil, in folder: String? = nil,
    streams: [Stream] = [.null, .null, .null], leadsGroup: Bool = false
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.streams = streams
    self.leadsGroup = leadsGroup
  }

  /// Starts the program and returns its process number, which the caller waits for once.
  /// - Throws: what posix_spawn(3) failed with, such as ENOENT for a program that is not there.
  package func start() throws(SystemError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    try connect(&actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    setSignals(&attributes)

    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = (environment ?? []).map { strdup($0) } + [nil]
    defer { for text in words + settings { free(text) } }
    var process = pid_t()
    let code =
      environment == nil
      ? posix_spawnp(&process, program, &actions, &attributes, &words, environ)
      : posix_spawnp(&process, program, &actions, &attributes, &words, &settings)
    guard code == 0 else { throw SystemError(errno: code) }
    return process
  }

  private func connect(_ actions: inout posix_spawn_file_actions_t) throws(SystemError) {
    for (number, stream) in streams.enumerated() {
      let target = Int32(number)
      let code =
        switch stream {
        case .null: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
        case .reading(let path): posix_spawn_file_actions_addopen(&actions, target, path, O_RDONLY, 0)
        case .writing(let path):
          posix_spawn_file_actions_addopen(&actions, target, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, target)
        }
      try check(code)
    }
    if let folder { try check(posix_spawn_file_actions_addchdir_np(&actions, folder)) }
    // Closing what is open by number would miss a connection that is accepted meanwhile.
    try check(posix_spawn_file_actions_addclosefrom_np(&actions, Int32(streams.count)))
  }

  /// These functions return an error's number and leave errno alone.
  private func check(_ code: Int32) throws(SystemError) {
    guard code == 0 else { throw SystemError(errno: code) }
  }

  private func setSignals(_ attributes: inout posix_spawnattr_t) {
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    if leadsGroup {
      posix_spawnattr_setpgroup(&attributes, 0)
      flags |= POSIX_SPAWN_SETPGROUP
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }
}
