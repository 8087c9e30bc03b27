// One connection: lines in, replies and events out, in order.

internal import DequeModule
internal import ExactJSON
internal import FairleadModel
internal import FairleadWire
internal import NIOCore

/// Confined to its channel's event loop; work goes out to the workers and the writer, and comes back to the loop.
///
/// It reads only while it has room for more lines and while its peer takes the replies, so that neither a flood nor a
/// peer that never reads costs more than this one connection's buffers. A read waits for the changes that stand before it
/// on its connection; changes go to the writer together.
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

  let peer: Peer
  let dispatcher: Dispatcher
  let workers: WorkerPool
  let mailbox: Mailbox
  let hub: WatchHub
  /// `nil` before and after the connection's life.
  private(set) var context: ChannelHandlerContext?

  private var framer = LineFramer(limit: Limits.lineBytes)
  private var input = Input.open
  private var isReading = false
  private var lines: Deque<[UInt8]> = []
  /// Of `lines`.
  private var lineBytes = 0
  /// Whether an over-long line still waits for its answer, behind those of the lines before it.
  private var owesTooLong = false

  /// The requests of the line under way that have not been taken up, and whether it is a batch.
  private var requests: Deque<Decoded> = []
  private var isBatch = false
  /// Of the line under way.
  private var bytesUnderWay = 0
  /// Whether a line or a read is with a worker: nothing is taken up until it is back.
  private var isAway = false
  private var changesInFlight = 0
  private var replies = Replies()
  private var isFlushDue = false
  private var isTurnDue = false
  private var isGoingOn = false
  private var goesOnAgain = false

  /// Those that have begun.
  var watches: [Watch] = []
  /// Those that the hub counts for this connection: also the ones whose reply is not out yet.
  var countedWatches = 0
  var lastSubscription = 0

  /// Bytes of a line that is decoded on the event loop: tens of microseconds.
  private static let shortLine = 16 << 10

  /// How long a peer may go on sending the rest of an over-long line.
  private static let discardTime = TimeAmount.seconds(10)

  init(peer: Peer, dispatcher: Dispatcher, workers: WorkerPool, mailbox: Mailbox, hub: WatchHub) {
    self.peer = peer
    self.dispatcher = dispatcher
    self.workers = workers
    self.mailbox = mailbox
    self.hub = hub
  }

  // MARK: What comes in

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // The loop looks for what others have sent only once it has nothing left to do, turns included: what it reads of one
    // connection at once is what the others wait for. NIO's own bound is 256 KiB, some 2,500 reads of a cluster.
    let options = context.channel.syncOptions
    do {
      try options?.setOption(.maxMessagesPerRead, value: 1)
      try options?.setOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: Limits.readBytes))
    } catch {
      context.fireErrorCaught(error)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) { goOn() }

  func channelInactive(context: ChannelHandlerContext) {
    endWatches()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    switch input {
    case .ended: break
    case .discarding: if buffer.readableBytesView.contains(UInt8(ascii: "\n")) { input = .ended }
    case .open:
      for event in framer.feed(buffer.readableBytesView) {
        switch event {
        case .line(let line): queue(line)
        case .tooLong:
          input = .discarding
          owesTooLong = true
        }
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    // Asked for at once: NIO would stop listening to the descriptor otherwise, and start again, with a system call for each.
    readMore(context)
    // Not at once: NIO calls this on its way to half-closing, and where a flush finds the peer gone and closes the channel
    // before that is done, it asserts.
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.goOn() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) { goOn() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      if case .open = input, let line = framer.finish() { queue(line) }
      input = .ended
      goOn()
    case is Drain:
      input = .ended
      endWatches()
      goOn()
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  /// A peer that is gone is no news; whatever else breaks a connection ends that connection alone.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func queue(_ line: [UInt8]) {
    lines.append(line)
    lineBytes += line.count
  }

  // MARK: What happens next

  /// Sends what is ready, takes up what may be, asks for more input, or closes: whatever is possible now.
  func goOn() {
    // A write may say at once that the channel is writable or is not, in the middle of what is going on here.
    guard !isGoingOn else {
      goesOnAgain = true
      return
    }
    isGoingOn = true
    repeat {
      goesOnAgain = false
      guard let context else { break }
      send(context)
      takeUp(context)
      send(context)
      advanceWatches()
      if isFlushDue {
        isFlushDue = false
        context.flush()
      }
    } while goesOnAgain
    isGoingOn = false
    guard let context else { return }
    closeIfDone(context)
    readMore(context)
  }

  private func readMore(_ context: ChannelHandlerContext) {
    let wantsInput: Bool
    switch input {
    case .ended: wantsInput = false
    case .open:
      wantsInput =
        lines.count < Limits.queuedLines && lineBytes < Limits.queuedLineBytes && context.channel.isWritable
    case .discarding: wantsInput = true
    }
    guard wantsInput, !isReading else { return }
    isReading = true
    context.read()
  }

  private func closeIfDone(_ context: ChannelHandlerContext) {
    guard case .ended = input, lines.isEmpty, requests.isEmpty, !isAway, replies.isEmpty, !owesTooLong, watches.isEmpty,
      context.channel.isActive
    else { return }
    // Behind the replies that the kernel has not taken yet.
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(capacity: 0))).whenComplete {
      [channel = context.channel] _ in channel.close(promise: nil)
    }
  }

  // MARK: Taking up

  /// Takes up requests in their order, until one has to wait, or others are due their turn.
  private func takeUp(_ context: ChannelHandlerContext) {
    var left = Limits.requestsPerTurn
    while !isAway, context.channel.isWritable {
      guard left > 0 else { return takeUpLater(context) }
      left -= 1
      if let request = requests.first {
        guard start(request, context) else { return }
        requests.removeFirst()
        // What a batch's replies come to is known only once they are put together.
        if isBatch { send(context) }
      } else if let line = lines.popFirst() {
        lineBytes -= line.count
        bytesUnderWay = line.count
        decode(line, context)
      } else {
        if owesTooLong, replies.isEmpty { refuseLine(context) }
        return
      }
    }
  }

  /// Lets the loop's other connections have their turn in between.
  private func takeUpLater(_ context: ChannelHandlerContext) {
    guard !isTurnDue else { return }
    isTurnDue = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute {
      bound.value.isTurnDue = false
      bound.value.goOn()
    }
  }

  /// A short line is decoded in less time than handing it to another thread takes; a long one must not hold the loop.
  private func decode(_ line: [UInt8], _ context: ChannelHandlerContext) {
    guard line.count > Self.shortLine else { return take(dispatcher.decode(line, from: peer)) }
    away(context) { [dispatcher, peer] in
      dispatcher.decode(line, from: peer)
    } back: { handler, decoded in
      handler.take(decoded)
    }
  }

  private func take(_ line: DecodedLine) {
    requests = Deque(line.requests)
    isBatch = line.isBatch
  }

  /// Starts a request; `false` where it has to wait for those before it.
  private func start(_ request: Decoded, _ context: ChannelHandlerContext) -> Bool {
    switch request {
    case .write where changesInFlight >= Limits.changesInFlight: return false
    // What is read must have seen the connection's own changes, and what is answered stands behind them.
    case .look, .read, .plan, .planApply, .watch: if changesInFlight > 0 { return false }
    case .write, .answered: break
    }
    let place = isBatch ? Replies.Place.inBatch(isLast: requests.count == 1) : .alone
    let slot = replies.open(place)
    guard !isBatch || replies.batchBytes <= Limits.batchReplyBytes else {
      replies.fill(slot, with: dispatcher.batchTooLarge(request))
      return true
    }
    switch request {
    case .answered(let reply): replies.fill(slot, with: reply)
    case .look(let read, let id):
      switch dispatcher.look(read, id: id) {
      case .answered(let reply): replies.fill(slot, with: reply)
      case .isInFile: answer(slot, context) { [dispatcher] in dispatcher.perform(read, id: id) }
      }
    case .read(let read, let id): answer(slot, context) { [dispatcher] in dispatcher.perform(read, id: id) }
    case .plan(let change, let options, let id):
      answer(slot, context) { [dispatcher, peer] in dispatcher.perform(change, options, id: id, by: peer.actor) }
    case .planApply(let apply, let id):
      answer(slot, context) { [dispatcher, peer] in dispatcher.perform(apply, id: id, by: peer.actor) }
    case .write(let write, let id):
      changesInFlight += 1
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      dispatcher.submit(write, id: id, by: peer.actor, bytes: bytesUnderWay) { [mailbox] reply, seq in
        mailbox.post {
          let handler = bound.value
          handler.changesInFlight -= 1
          handler.replies.fill(slot, with: reply, seq: seq)
          handler.goOn()
        }
      }
    case .watch(let watch, let id): open(watch, id: id, slot)
    }
    return true
  }

  private func answer(
    _ slot: Int, _ context: ChannelHandlerContext, _ perform: @escaping @Sendable () -> [UInt8]?
  ) {
    away(context, perform) { handler, reply in handler.replies.fill(slot, with: reply) }
  }

  /// Runs `work` on a worker; until it is back nothing else is taken up.
  private func away<Value: Sendable>(
    _ context: ChannelHandlerContext, _ work: @escaping @Sendable () -> Value,
    back: @escaping @Sendable (ConnectionHandler, Value) -> Void
  ) {
    isAway = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    workers.run { [mailbox] in
      let value = work()
      mailbox.post {
        bound.value.isAway = false
        back(bound.value, value)
        bound.value.goOn()
      }
    }
  }

  private func open(_ watch: WatchRequest, id: JSON?, _ slot: Int) {
    do throws(Refusal) {
      let opened = try newWatch(watch)
      let result: JSON = ["subscription": .integer(opened.watch.subscription), "head": .integer(opened.head)]
      replies.fill(slot, with: dispatcher.reply(to: id, .success(result.bytes)), watch: opened.watch)
    } catch {
      replies.fill(slot, with: dispatcher.reply(to: id, .failure(error)))
    }
  }

  // MARK: Sending

  /// Sends the replies that are ready. One to a change waits until the connection's own watches have told of it.
  private func send(_ context: ChannelHandlerContext) {
    while true {
      if let seq = replies.nextSeq, !watches.isEmpty {
        advanceWatches()
        guard watches.allSatisfy({ $0.cursor >= seq }) else { return }
      }
      guard let (line, opened) = replies.takeFirst() else { return }
      if let line { write(line, context) }
      begin(opened)
    }
  }

  func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    isFlushDue = true
    context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
  }

  /// Answers an over-long line, and gives the peer time to notice before the connection ends.
  private func refuseLine(_ context: ChannelHandlerContext) {
    owesTooLong = false
    let refusal = Refusal(
      .tooLarge(limit: Limits.lineBytes),
      "cannot take this line: it is longer than \(Limits.lineBytes) bytes; the connection ends here")
    write(Reply(id: .null, outcome: .failure(refusal)).line, context)
    guard case .discarding = input else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.discardTime) {
      bound.value.input = .ended
      bound.value.goOn()
    }
  }
}
