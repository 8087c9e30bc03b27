// The peer of a connection, and what it may do.

internal import FairleadModel

/// Who the kernel says is at the other end, and the role that this user has.
struct Peer: Sendable {
  let actor: Actor
  let role: Role
}
