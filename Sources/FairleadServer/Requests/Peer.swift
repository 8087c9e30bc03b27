// The peer of a connection, and what it may do.

internal import FairleadModel

/// Who the kernel says is at the other end, and the role that this user has.
struct Peer: Sendable {
  /// While `isNamed` is false, its name is the uid. Nothing is recorded or planned for it then.
  var actor: Actor
  let role: Role
  var isNamed = true
}
