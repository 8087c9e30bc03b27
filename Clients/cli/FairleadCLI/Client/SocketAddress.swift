// Which socket is the daemon's, and who named it.

internal import Glibc
internal import LinuxSupport

struct SocketAddress: Sendable, Hashable {
  /// Where the path was named.
  enum Origin: Sendable, Hashable {
    case flag
    case environment
    case runtimeDirectory
    case system
  }

  let path: String
  let origin: Origin

  static let system = "/run/fairlead/fairlead.sock"

  /// The flag, then `FAIRLEAD_SOCKET`, then the user's own socket if there is one, then the system's. An empty
  /// value counts as none.
  static func resolve(
    flag: String?, environment: Environment, exists: (String) -> Bool = { access($0, F_OK) == 0 }
  ) -> SocketAddress {
    if let flag, !flag.isEmpty { return SocketAddress(path: flag, origin: .flag) }
    if let path = environment["FAIRLEAD_SOCKET"] { return SocketAddress(path: path, origin: .environment) }
    if let directory = environment["XDG_RUNTIME_DIR"] {
      let path = directory.hasSuffix("/") ? "\(directory)fairlead.sock" : "\(directory)/fairlead.sock"
      if exists(path) { return SocketAddress(path: path, origin: .runtimeDirectory) }
    }
    return SocketAddress(path: system, origin: .system)
  }

  /// Why a connection to this address failed, with what to do about it.
  /// - Parameter seconds: how long the connection was waited for.
  func failure(errno code: Int32, after seconds: Int) -> Failure {
    switch code {
    case EAGAIN:
      .unreachable(
        "cannot reach the daemon: nobody took the connection on \(place) within \(seconds) s; others wait there as well",
        hints: ["Its process listens and does not accept: see what it does, and what its log says last."])
    case ENOENT, ENOTDIR:
      .unreachable(
        "cannot reach the daemon: there is no socket at \(place)",
        hints: ["Start it with 'fairleadd', or name its socket with --socket or FAIRLEAD_SOCKET."])
    case EACCES, EPERM:
      .unreachable(
        "cannot reach the daemon: you are not allowed to use the socket \(place)",
        hints: ["Ask whoever runs fairleadd to let you in: 'ls -l' of the socket shows its owner and group."])
    case ECONNREFUSED where !isSocket:
      .unreachable(
        "cannot reach the daemon: what is at \(place) is not a socket",
        hints: ["Name the socket that fairleadd listens on with --socket or FAIRLEAD_SOCKET."])
    case ECONNREFUSED:
      .unreachable(
        "cannot reach the daemon: nobody listens on \(place)",
        hints: ["The daemon that made this socket has ended. Start 'fairleadd' again."])
    default: .unreachable("cannot reach the daemon at \(place): \(describe(errno: code))")
    }
  }

  /// The path for a message, with where it was named unless that is the command line.
  var place: String {
    switch origin {
    case .flag, .system: path
    case .environment: "\(path) (named by FAIRLEAD_SOCKET)"
    case .runtimeDirectory: "\(path) (found by XDG_RUNTIME_DIR)"
    }
  }

  /// Whether the path is a socket at all; one that cannot be examined counts as a socket.
  private var isSocket: Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFSOCK
  }

  /// A path that the kernel cannot take.
  var isTooLong: Bool { path.utf8.count > UnixAddress.longestPath }

  var tooLong: Failure {
    .unreachable(
      "cannot use this path for a socket: it has \(path.utf8.count) bytes, and the system takes \(UnixAddress.longestPath)",
      hints: ["Choose a shorter path with --socket; a symbolic link to its folder will do."])
  }
}
