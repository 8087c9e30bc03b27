// The watches of a connection: opened, fed from the hub's events, and from the log where those do not reach back far enough.

internal import ExactJSON
internal import FairleadModel
internal import NIOCore

extension ConnectionHandler {
  func openWatch(_ request: WatchRequest, id: JSON?, _ slot: Int) {
    do throws(Refusal) {
      let start = try dispatcher.start(of: request)
      try reserveWatch()
      let watch = machine.openWatch(request.filter, after: start.after)
      let result: JSON = ["subscription": .integer(watch.subscription), "head": .integer(start.lastSeq)]
      machine.answered(slot, with: dispatcher.reply(to: id, .success(result.bytes)), opening: [watch])
    } catch {
      machine.answered(slot, with: dispatcher.reply(to: id, .failure(error)))
    }
  }

  private func reserveWatch() throws(Refusal) {
    guard machine.hasRoomForWatch else {
      throw Refusal(
        .busy(retryAfterMs: Limits.busyRetryMs),
        "cannot take more than \(Limits.watchesPerConnection) watches on one connection; open another, or ask for more with "
          + "one watch")
    }
    guard hub.addWatch() else {
      throw Refusal(
        .busy(retryAfterMs: ServerLimits.watchRetryMs),
        "cannot take more than \(Limits.watches) watches; end one, or try again")
    }
  }

  func followHub(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    hub.setWakeup(for: ObjectIdentifier(self)) { seq in
      bound.value.machine.turnBegan()
      bound.value.machine.published(through: seq)
      bound.value.advance()
    }
    // What was published before is behind these watches as well.
    machine.published(through: hub.lastSeq)
  }

  func unfollowHub(endedWatches: Int) {
    guard endedWatches > 0 else { return }
    hub.setWakeup(for: ObjectIdentifier(self), nil)
    hub.removeWatches(endedWatches)
  }

  /// Sends a watch what the hub has after its cursor, as far as the peer takes it: what it has not taken stays in the log,
  /// and not in its channel. What memory no longer holds is read from there, a page at a time, so that a slow watcher costs
  /// the daemon nothing while it is slow.
  func sendEvents(to watch: Watch, units: Int, _ context: ChannelHandlerContext) {
    switch hub.events(after: watch.cursor) {
    case .events(let events, let last):
      var (through, spent) = (watch.cursor, 1)
      var missing: Int?
      for event in events {
        // A write reports at once that the peer lags behind.
        guard spent <= units, !machine.peerLagsBehind else {
          return machine.sentEvents(watch.subscription, through: through, spending: spent)
        }
        spent += 1
        if watch.selection.passes(event, missing: &missing) {
          send(event, to: watch, context)
          spent += event.tail.count / ServerLimits.bytesPerWatchUnit
        }
        through = event.seq
      }
      machine.sentEvents(watch.subscription, through: last, spending: spent)
    case .evicted:
      guard machine.needsHistory(watch.subscription) else { return }
      run(
        dispatcher.work(forHistory: watch.selection.filter, after: watch.cursor) {
          [reporter = reporter(context)] page in
          reporter.report { handler in
            switch page {
            case .success(let page): handler.machine.historyRead(watch.subscription, page.events, through: page.through)
            // A watch with a gap is no watch. The client reconnects, and names the last change that it has seen.
            case .failure: handler.context?.close(promise: nil)
            }
          }
        })
    }
  }

  func send(_ event: Event, to watch: Watch, _ context: ChannelHandlerContext) {
    var line = context.channel.allocator.buffer(capacity: watch.selection.linePrefix.count + event.tail.count)
    line.writeBytes(watch.selection.linePrefix)
    line.writeBytes(event.tail)
    context.write(wrapOutboundOut(line), promise: nil)
  }
}
