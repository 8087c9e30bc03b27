// Requests that need the name of the peer's user before the system has given it.

internal import FairleadModel
internal import NIOCore

/// A request that is started once the name is there.
struct UnnamedRequest {
  let request: DecodedRequest
  let slot: Int
  let lineBytes: Int
}

extension ConnectionHandler {
  /// The name is there, or its uid in its place: what waited is started in its order, before anything that comes later.
  func startUnnamedRequests(by name: String, _ context: ChannelHandlerContext) {
    let actor = peer.actor
    peer.actor = Actor(uid: actor.uid, gid: actor.gid, pid: actor.pid, name: name)
    peer.isNamed = true
    let waiting = unnamedRequests
    unnamedRequests = []
    for next in waiting { start(next.request, next.slot, next.lineBytes, context) }
  }
}

extension DecodedRequest {
  /// Whether the name of who asks is put on record, or into a plan. Reads go on without it.
  var recordsActor: Bool {
    switch self {
    case .plan, .planApply, .write: true
    case .answered, .memoryRead, .read, .watch: false
    }
  }
}
