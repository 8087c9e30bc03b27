// The actions of a connection, as calls of the channel, the dispatcher and the workers.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire
internal import NIOCore

extension ConnectionHandler {
  func perform(_ action: ConnectionAction, _ context: ChannelHandlerContext) {
    switch action {
    // A short line takes less time to decode than to hand to another thread; a long one must not hold up the loop.
    case .decode(let line): machine.decoded(dispatcher.decode(line, from: peer))
    case .decodeOnWorker(let line):
      runOnWorker(context) { [dispatcher, peer] in
        dispatcher.decode(line, from: peer)
      } completion: { handler, decoded in
        handler.machine.decoded(decoded)
      }
    case .start(let request, let slot, let lineBytes):
      if peer.isNamed || !request.recordsActor {
        start(request, slot, lineBytes, context)
      } else {
        unnamedRequests.append(UnnamedRequest(request: request, slot: slot, lineBytes: lineBytes))
      }
    case .rejectInBatch(let request, let slot): machine.answered(slot, with: dispatcher.batchTooLarge(request))
    case .send(let line): write(line, context)
    case .refuseLine(let discardSeconds): refuseLine(discardSeconds, context)
    case .followHub: followHub(context)
    case .sendEvents(let watch): sendEvents(to: watch, context)
    case .sendHistory(let events, let watch): send(events, to: watch, context)
    case .flush: context.flush()
    case .yieldToLoop: reporter(context).report { $0.machine.yieldEnded() }
    case .read: context.read()
    case .closeAfterReplies:
      // An empty write completes once the kernel has taken the replies before it.
      context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(capacity: 0))).whenComplete {
        [channel = context.channel] _ in channel.close(promise: nil)
      }
    case .closeNow: context.close(promise: nil)
    }
  }

  func start(_ request: DecodedRequest, _ slot: Int, _ lineBytes: Int, _ context: ChannelHandlerContext) {
    switch request {
    case .answered(let reply): machine.answered(slot, with: reply)
    case .memoryRead(let read, let id):
      switch dispatcher.memoryRead(read, id: id) {
      case .answered(let reply): machine.answered(slot, with: reply)
      case .notInMemory: answer(slot, context) { [dispatcher] in dispatcher.perform(read, id: id) }
      }
    case .read(let read, let id): answer(slot, context) { [dispatcher] in dispatcher.perform(read, id: id) }
    case .plan(let change, let options, let id):
      answer(slot, context) { [dispatcher, peer] in dispatcher.perform(change, options, id: id, by: peer.actor) }
    case .planApply(let apply, let id):
      answer(slot, context) { [dispatcher, peer] in dispatcher.perform(apply, id: id, by: peer.actor) }
    case .write(let write, let id):
      dispatcher.submit(write, id: id, by: peer.actor, bytes: lineBytes) { [reporter = reporter(context)] reply, seq in
        reporter.report { $0.machine.changeCompleted(slot, with: reply, seq: seq) }
      }
    case .watch(let watch, let id): openWatch(watch, id: id, slot)
    }
  }

  /// Has a worker give the reply to a request.
  private func answer(
    _ slot: Int, _ context: ChannelHandlerContext, _ work: @escaping @Sendable () -> [UInt8]?
  ) {
    runOnWorker(context, work) { handler, reply in handler.machine.answered(slot, with: reply) }
  }

  /// Runs `work` on a worker, and `completion` with its result on the loop.
  func runOnWorker<Value: Sendable>(
    _ context: ChannelHandlerContext, _ work: @escaping @Sendable () -> Value,
    completion: @escaping @Sendable (ConnectionHandler, Value) -> Void
  ) {
    workers.run { [reporter = reporter(context)] in
      let value = work()
      reporter.report { completion($0, value) }
    }
  }

  private func reporter(_ context: ChannelHandlerContext) -> LoopReporter {
    LoopReporter(handler: NIOLoopBound(self, eventLoop: context.eventLoop), loop: context.eventLoop)
  }

  private func refuseLine(_ discardSeconds: Int64?, _ context: ChannelHandlerContext) {
    let refusal = Refusal(
      .tooLarge(limit: Limits.lineBytes),
      "cannot take this line: it is longer than \(Limits.lineBytes) bytes; the connection ends here")
    write(Reply(id: .null, outcome: .failure(refusal)).line, context)
    guard let discardSeconds else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .seconds(discardSeconds)) {
      bound.value.machine.discardDeadlinePassed()
      bound.value.advance()
    }
  }
}

/// Brings events to a connection from any thread.
private struct LoopReporter: Sendable {
  let handler: NIOLoopBound<ConnectionHandler>
  let loop: any EventLoop

  /// Has the loop report an event to the state machine, and then do what has become possible; in the order of the calls.
  func report(_ event: @escaping @Sendable (ConnectionHandler) -> Void) {
    loop.execute {
      event(handler.value)
      handler.value.advance()
    }
  }
}
