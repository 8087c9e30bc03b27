// A connection in its channel: reports events to the state machine, and carries out the actions that come of them.

internal import FairleadModel
internal import NIOCore

/// Confined to its channel's event loop. Workers and the registry's writer do the rest, and come back to the loop.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Sent through the pipeline when the daemon stops: answer what has been received, then close.
  struct Drain: Sendable {}

  /// Sent through the pipeline where the name of the peer's user was not known when it connected.
  struct PeerName: Sendable { let name: String }

  var peer: Peer
  /// Requests that wait for the name of the peer's user, in their order.
  var unnamedRequests: [UnnamedRequest] = []
  let dispatcher: Dispatcher
  let workers: WorkerPool
  let hub: WatchHub
  let memory: MemoryBudget
  /// What the budget knows that this connection holds, in bytes.
  var accountedBytes = 0
  var machine = ConnectionStateMachine()
  /// `nil` before the handler is in a pipeline, and after.
  private(set) var context: ChannelHandlerContext?

  init(peer: Peer, dispatcher: Dispatcher, workers: WorkerPool, hub: WatchHub, memory: MemoryBudget) {
    self.peer = peer
    self.dispatcher = dispatcher
    self.workers = workers
    self.hub = hub
    self.memory = memory
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // The loop polls the other connections only once it has no task left, yields included, so what is read of one connection
    // at once is what the others wait for. NIO's own bound is 256 KiB, some 2,500 reads of a cluster.
    let options = context.channel.syncOptions
    do {
      try options?.setOption(.maxMessagesPerRead, value: 1)
      try options?.setOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: ServerLimits.readBytes))
    } catch {
      context.fireErrorCaught(error)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    machine.activated()
    advance()
  }

  func channelInactive(context: ChannelHandlerContext) {
    unfollowHub(endedWatches: machine.closed())
    workers.removeAll(of: ObjectIdentifier(self))
    memory.remove(self)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { machine.received(unwrapInboundIn(data)) }

  func channelReadComplete(context: ChannelHandlerContext) {
    if case .read = machine.readCompleted() { context.read() }
    // Not at once: NIO calls this on its way to half-closing, and asserts where a flush finds the peer gone and closes the
    // channel before that is done.
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.advance() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    machine.writabilityChanged(isWritable: context.channel.isWritable)
    advance()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed: machine.inputEnded()
    case is Drain: unfollowHub(endedWatches: machine.drain())
    case let event as PeerName: startUnnamedRequests(by: event.name, context)
    default: return context.fireUserInboundEventTriggered(event)
    }
    advance()
  }

  /// A peer that goes away is not worth a line in the log; any other error ends this connection and no other.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Does whatever is possible now.
  func advance() {
    guard machine.beginPass() else { return }
    while let action = machine.nextAction() {
      // A connection that has left its pipeline has nobody to answer.
      if let context { perform(action, context) }
    }
    accountMemory()
  }

  func write(_ line: [UInt8], _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: line)), promise: nil)
  }
}
