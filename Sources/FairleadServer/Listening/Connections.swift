// The open connections: counted, limited to peers with a role, and drained when the daemon stops.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire
internal import NIOCore
internal import Synchronization

final class Connections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isDraining = false
  }

  private let state = Mutex(State())
  /// How many there may be at once.
  private let limit: Int
  private let names: UserNames

  init(limit: Int, names: UserNames) {
    self.limit = limit
    self.names = names
  }

  /// Gives a new connection its handler, or answers why it is rejected.
  func accept(
    _ channel: any Channel, _ handler: @escaping @Sendable (Peer) -> ConnectionHandler
  ) -> EventLoopFuture<Void> {
    PeerCredentials.of(channel).flatMap { credentials in
      guard let role = credentials.role else {
        return self.reject(
          channel,
          Refusal(
            .denied(role: "none", needed: Role.read.rawValue),
            "cannot let uid \(credentials.uid) in: this socket serves root and the daemon's own user"))
      }
      guard self.add(channel) else {
        return self.reject(
          channel,
          Refusal(
            .busy(retryAfterMs: ServerLimits.connectionRetryMs),
            "cannot take more than \(self.limit) connections"))
      }
      channel.closeFuture.whenComplete { _ in self.remove(channel) }
      return channel.eventLoop.makeCompletedFuture {
        let name = self.names.name(of: credentials.uid) { name in
          channel.pipeline.fireUserInboundEventTriggered(ConnectionHandler.PeerName(name: name))
        }
        let peer = Peer(actor: credentials.actor(named: name), role: role, isNamed: name != nil)
        try channel.pipeline.syncOperations.addHandler(handler(peer))
      }
    }
  }

  /// Asks every connection to answer what it has received and close. Those that are open after `time` are closed as they
  /// are: their peers do not take their replies. Completes once all are closed.
  func drain(within time: TimeAmount, on loop: any EventLoop) -> EventLoopFuture<Void> {
    let open = state.withLock { state in
      state.isDraining = true
      return Array(state.channels.values)
    }
    for channel in open { channel.pipeline.fireUserInboundEventTriggered(ConnectionHandler.Drain()) }
    let patience = loop.scheduleTask(in: time) { for channel in open { channel.close(promise: nil) } }
    return EventLoopFuture.whenAllComplete(open.map(\.closeFuture), on: loop).map { _ in patience.cancel() }
  }

  private func add(_ channel: any Channel) -> Bool {
    state.withLock { state in
      guard !state.isDraining, state.channels.count < limit else { return false }
      state.channels[ObjectIdentifier(channel)] = channel
      return true
    }
  }

  private func remove(_ channel: any Channel) {
    _ = state.withLock { $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
  }

  private func reject(_ channel: any Channel, _ refusal: Refusal) -> EventLoopFuture<Void> {
    let reply = channel.allocator.buffer(bytes: Reply(id: .null, outcome: .failure(refusal)).line)
    // A channel can be written to once its initializer has run.
    channel.eventLoop.execute {
      channel.writeAndFlush(reply).whenComplete { _ in channel.close(promise: nil) }
    }
    return channel.eventLoop.makeSucceededVoidFuture()
  }
}
