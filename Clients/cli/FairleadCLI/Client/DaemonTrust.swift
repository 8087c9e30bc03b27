// Whose process may answer as the daemon: looked at before anything is sent to it or believed of it.

internal import Glibc
internal import LinuxSupport

/// The users whose process is believed to be the daemon: root, who could read the ledger anyway; the caller, who would only fool
/// himself; and the daemon's own user. Anybody else who can make a file at the socket's path could answer in its place, and take
/// what is sent (decision 0023).
struct DaemonTrust: Sendable, Hashable {
  /// The daemon's user, by name or number.
  let user: String
  /// Whether `FAIRLEAD_DAEMON_USER` names it.
  let isNamed: Bool

  static let variable = "FAIRLEAD_DAEMON_USER"
  static let defaultUser = "fairlead"

  init(_ environment: Environment) {
    let named = environment[Self.variable]
    user = named ?? Self.defaultUser
    isNamed = named != nil
  }

  /// Refuses a peer of another user. `place` is the socket, for the message.
  func check(_ peer: UnixPeer, at place: String) throws(Failure) {
    guard peer.uid != 0, peer.uid != geteuid() else { return }
    let users = LocalUsers()
    let expected = users.uid(of: user) ?? UInt32(user)
    guard peer.uid != expected else { return }
    let name = users.name(of: peer.uid)
    let login = name ?? String(peer.uid)
    let owner = name.map { "\($0) (uid \(peer.uid))" } ?? "the user \(peer.uid)"
    let known =
      switch expected {
      case nil where isNamed: "\(user), whom \(Self.variable) names and /etc/passwd does not have"
      case nil: "\(user), a user that /etc/passwd does not have"
      case _?: isNamed ? "\(user), whom \(Self.variable) names" : user
      }
    throw .unreachable(
      "cannot trust what listens on \(place): process \(peer.pid) of \(owner) does; nothing was sent to it",
      hints: [
        "It may only pretend to be fairleadd. Expected are root, you, or \(known).",
        "If fairleadd runs as \(login) here, say so: \(Self.variable)=\(login).",
      ])
  }
}
