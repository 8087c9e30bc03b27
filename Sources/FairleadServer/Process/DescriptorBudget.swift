// How many connections the process's limit of open descriptors leaves room for.

internal import FairleadModel

/// A connection is a descriptor, and so is nearly everything else. Connections may use what is left once the daemon has its own,
/// so that a crowd of clients never takes the one with which the ledger is written.
struct DescriptorBudget: Sendable, Hashable {
  /// The daemon's own, 63 when it uses all of them: the standard streams (3), the two locks and the listening socket (3), the
  /// epolls and timers of NIO and Dispatch (9), the ledger with the writer's connection and 12 readers, all opened at the start
  /// (31), a hook's input and its folder's removal (9), a copy that saves the ledger (2), files of /proc (2), connections on
  /// their way to being refused (4).
  static let own = 64

  /// The least limit that a daemon starts with: its own, and a few connections.
  static let least = 72

  /// The limit; `nil` where the kernel does not say, and there is none then.
  let limit: Int?

  /// How many connections are taken at most.
  var connections: Int { limit.map { min(Limits.connections, $0 - Self.own) } ?? Limits.connections }

  /// Refuses a limit with which the daemon could not work.
  func check() throws(StartError) {
    guard let limit, limit < Self.least else { return }
    throw StartError(
      "cannot start with at most \(limit) open descriptors: it needs \(Self.least), and \(Self.own + Limits.connections) "
        + "for all connections that it could take; raise the limit, as with 'ulimit -n' or LimitNOFILE= of systemd")
  }

  /// What an operator should know about it; `nil` where all connections have room.
  var notice: String? {
    guard let limit, connections < Limits.connections else { return nil }
    return "takes at most \(connections) connections, since the limit of open descriptors is \(limit); "
      + "\(Self.own + Limits.connections) would allow all \(Limits.connections)"
  }
}
