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
      run(
        dispatcher.work(decoding: line, from: peer) { [reporter = reporter(context)] decoded in
          reporter.report { $0.machine.decoded(decoded) }
        })
    case .start(let request, let slot, let lineBytes):
      if peer.isNamed || !request.recordsActor {
        start(request, slot, lineBytes, context)
      } else {
        unnamedRequests.append(UnnamedRequest(request: request, slot: slot, lineBytes: lineBytes))
      }
    case .rejectInBatch(let request, let slot, let reason):
      let refusal = reason?.refusal(limit: memory.limit) ?? Dispatcher.batchTooLarge
      machine.answered(slot, with: dispatcher.reply(to: request.id, .failure(refusal)))
    case .send(let line): write(line, context)
    case .refuseInput(let refusal, let discardSeconds): refuseInput(refusal, discardSeconds, context)
    case .followHub: followHub(context)
    case .sendEvents(let watch, let units): sendEvents(to: watch, units: units, context)
    case .requestTurn: hub.requestTurn(for: ObjectIdentifier(self))
    case .sendHistory(let events, let watch): for event in events { send(event, to: watch, context) }
    case .flush: context.flush()
    case .yieldToLoop: reporter(context).report { $0.machine.yieldEnded() }
    case .yieldToPoll:
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      // Not `execute`: the loop polls only once no task is due.
      context.eventLoop.scheduleTask(in: .microseconds(ServerLimits.pollMicroseconds)) {
        bound.value.machine.yieldEnded()
        bound.value.advance()
      }
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
      case .notInMemory: run(dispatcher.work(for: read, id: id, finish: answer(to: slot, context)))
      }
    case .read(let read, let id): run(dispatcher.work(for: read, id: id, finish: answer(to: slot, context)))
    case .plan(let change, let options, let id):
      run(dispatcher.work(for: change, options, id: id, by: peer.actor, finish: answer(to: slot, context)))
    case .planApply(let apply, let id):
      run(dispatcher.work(for: apply, id: id, by: peer.actor, finish: answer(to: slot, context)))
    case .write(let write, let id):
      let reporter = reporter(context)
      dispatcher.submit(
        write, id: id, by: peer.actor, from: ObjectIdentifier(self), bytes: lineBytes,
        run: { work in reporter.report { $0.run(work) } }
      ) { reply, seq in
        reporter.report { $0.machine.changeCompleted(slot, with: reply, seq: seq) }
      }
    case .watch(let watch, let id): openWatch(watch, id: id, slot)
    }
  }

  /// Takes the reply to a request from a worker.
  private func answer(to slot: Int, _ context: ChannelHandlerContext) -> Dispatcher.Finish {
    { [reporter = reporter(context)] reply in reporter.report { $0.machine.answered(slot, with: reply) } }
  }

  /// Hands work to the workers.
  func run(_ work: Work) { workers.run(work, of: ObjectIdentifier(self)) }

  func reporter(_ context: ChannelHandlerContext) -> LoopReporter {
    LoopReporter(handler: NIOLoopBound(self, eventLoop: context.eventLoop), loop: context.eventLoop)
  }

  private func refuseInput(_ refusal: InputRefusal, _ discardSeconds: Int64?, _ context: ChannelHandlerContext) {
    write(Reply(id: .null, outcome: .failure(refusal.refusal(limit: memory.limit))).line, context)
    guard let discardSeconds else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .seconds(discardSeconds)) {
      bound.value.machine.discardDeadlinePassed()
      bound.value.advance()
    }
  }

  // MARK: Memory

  /// Tells the budget what the connection holds, where that has changed by more than a trifle.
  func accountMemory() {
    // What is reported for a channel that has closed would never be taken back.
    guard let context, context.channel.isActive else { return }
    var held = machine.heldBytes
    // While the peer keeps up, no more is left in the channel than its write buffer's low mark.
    if machine.peerLagsBehind {
      do {
        held += try context.channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
      } catch {
        // The channel is closing, and its buffer goes with it.
        return
      }
    }
    let change = abs(held - accountedBytes)
    guard change >= ServerLimits.accountedBytes || held == 0 && change > 0 else { return }
    accountedBytes = held
    memory.set(held, of: self)
  }
}

extension ConnectionHandler: MemoryHolder {
  func putOff(holding bytes: Int) {
    guard let context else { return }
    unfollowHub(endedWatches: machine.putOff(holding: bytes))
    let channel = context.channel
    channel.eventLoop.scheduleTask(in: .seconds(ServerLimits.discardSeconds)) { channel.close(promise: nil) }
    advance()
  }
}

/// Brings events to a connection from any thread.
struct LoopReporter: Sendable {
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
