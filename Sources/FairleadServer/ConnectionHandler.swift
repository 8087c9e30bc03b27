// One connection: lines in, replies out, one request at a time and in order.

internal import FairleadJSON
internal import FairleadModel
internal import FairleadWire
internal import NIOCore

/// Confined to its channel's event loop; work goes out to `Workers` and comes back to the loop.
///
/// It reads only while it has room for more lines and while its peer takes the replies, so that neither a flood nor a
/// peer that never reads costs more than this one connection's buffers.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Sent through the pipeline when the daemon stops: answer what is in hand, then close.
  struct Drain: Sendable {}

  private enum Input {
    case open
    /// The peer has stopped sending, or the daemon has stopped listening to it.
    case ended
    /// After an over-long line: swallow the rest of it, so that the peer is not cut off before it has read why.
    case discarding
  }

  private let peer: Peer
  private let dispatcher: Dispatcher
  private let workers: Workers
  private var framer = LineFramer(limit: Limits.lineBytes)
  private var input = Input.open
  private var queue: [[UInt8]] = []
  private var isWorking = false
  private var isReading = false
  /// Whether an over-long line still waits for its answer, behind those of the lines before it.
  private var owesTooLong = false
  /// Replies that the kernel has not taken yet.
  private var unsent = 0

  /// Bytes of a line that is decoded on the event loop: tens of microseconds.
  private static let shortLine = 16 << 10

  /// How long a peer may go on sending the rest of an over-long line.
  private static let discardTime = TimeAmount.seconds(10)

  init(peer: Peer, dispatcher: Dispatcher, workers: Workers) {
    self.peer = peer
    self.dispatcher = dispatcher
    self.workers = workers
  }

  // MARK: What comes in

  func channelActive(context: ChannelHandlerContext) { readMore(context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    switch input {
    case .ended: break
    case .discarding: if buffer.readableBytesView.contains(UInt8(ascii: "\n")) { input = .ended }
    case .open:
      for event in framer.feed(buffer.readableBytesView) {
        switch event {
        case .line(let line): queue.append(line)
        case .tooLong:
          input = .discarding
          owesTooLong = true
        }
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    goOn(context)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) { goOn(context) }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      if case .open = input, let line = framer.finish() { queue.append(line) }
      input = .ended
      goOn(context)
    case is Drain:
      input = .ended
      goOn(context)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  /// A peer that is gone is no news; whatever else breaks a connection ends that connection alone.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  // MARK: What happens next

  /// Takes up the next line, asks for more input, or closes: whatever is possible now.
  private func goOn(_ context: ChannelHandlerContext) {
    if !isWorking, context.channel.isWritable { takeUp(context) }
    readMore(context)
  }

  private func takeUp(_ context: ChannelHandlerContext) {
    if !queue.isEmpty {
      work(on: queue.removeFirst(), context)
    } else if owesTooLong {
      owesTooLong = false
      refuseLine(context)
    } else if case .ended = input, unsent == 0 {
      context.close(promise: nil)
    }
  }

  private func readMore(_ context: ChannelHandlerContext) {
    let wantsInput: Bool
    switch input {
    case .ended: wantsInput = false
    case .open: wantsInput = queue.count < Limits.queuedLines && context.channel.isWritable
    case .discarding: wantsInput = true
    }
    guard wantsInput, !isReading else { return }
    isReading = true
    context.read()
  }

  private func work(on line: [UInt8], _ context: ChannelHandlerContext) {
    isWorking = true
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    let finish = { @Sendable (reply: [UInt8]?) in
      loop.execute {
        let (handler, context) = bound.value
        handler.isWorking = false
        if let reply { handler.send(reply, context) }
        handler.goOn(context)
      }
    }
    let perform = { @Sendable [dispatcher, workers, peer] (decoded: Decoded) in
      switch decoded {
      case .answered(let reply): finish(reply)
      case .read(let read, let id): workers.read { finish(dispatcher.perform(read, id: id)) }
      case .change(let request, let options, let id):
        workers.write {
          finish(dispatcher.perform(request, options, id: id, by: peer.actor))
        } late: {
          finish(dispatcher.tooLate(id: id))
        }
      // A plan of thousands takes its time, and needs no turn.
      case .apply(let request, let id) where request.dryRun:
        workers.read { finish(dispatcher.perform(request, id: id, by: peer.actor)) }
      case .apply(let request, let id):
        workers.write {
          finish(dispatcher.perform(request, id: id, by: peer.actor))
        } late: {
          finish(dispatcher.tooLate(id: id))
        }
      }
    }
    // A short line is decoded in less time than handing it to another thread takes; a long one must not hold the loop.
    if line.count <= Self.shortLine {
      perform(dispatcher.decode(line, from: peer))
    } else {
      workers.read { [dispatcher, peer] in perform(dispatcher.decode(line, from: peer)) }
    }
  }

  private func send(_ reply: [UInt8], _ context: ChannelHandlerContext) {
    unsent += 1
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: reply))).whenComplete { _ in
      let (handler, context) = bound.value
      handler.unsent -= 1
      handler.goOn(context)
    }
  }

  /// Answers an over-long line, and gives the peer time to notice before the connection ends.
  private func refuseLine(_ context: ChannelHandlerContext) {
    let refusal = Refusal(
      .tooLarge(limit: Limits.lineBytes),
      "cannot take this line: it is longer than \(Limits.lineBytes) bytes; the connection ends here")
    send(Reply(id: .null, outcome: .failure(refusal)).line, context)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.discardTime) {
      let (handler, context) = bound.value
      handler.input = .ended
      handler.goOn(context)
    }
  }
}
