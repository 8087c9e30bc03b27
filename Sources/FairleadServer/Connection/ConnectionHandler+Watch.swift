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
      let result: JSON = ["subscription": .integer(watch.subscription), "head": .integer(start.head)]
      machine.answered(slot, with: dispatcher.reply(to: id, .success(result.bytes)), watch: watch)
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

  /// Sends a watch the events behind its cursor. What memory no longer holds is read from the log, a page at a time, so that
  /// a slow watcher costs the daemon nothing while it is slow.
  func sendEvents(to watch: Watch, _ context: ChannelHandlerContext) {
    switch hub.events(after: watch.cursor) {
    case .events(let events, let through):
      // The first write may find the peer gone and end the watches, this one included.
      _ = machine.sentEvents(watch.subscription, through: through)
      for event in events where event.passes(watch.filter) { send(event, to: watch, context) }
    case .evicted:
      machine.readsHistory(watch.subscription)
      runOnWorker(context) { [dispatcher] in
        Result { () throws(Refusal) in try dispatcher.history(watch.filter, after: watch.cursor) }
      } completion: { handler, page in
        handler.sendHistory(page, to: watch)
      }
    }
  }

  private func sendHistory(_ page: Result<(events: [Event], through: Int), Refusal>, to watch: Watch) {
    guard let context else { return }
    switch page {
    case .success(let page):
      guard machine.sentEvents(watch.subscription, through: page.through) else { return }
      for event in page.events { send(event, to: watch, context) }
    // A page that cannot be read leaves a gap. The watcher reconnects, and names the last change that it has seen.
    case .failure: context.close(promise: nil)
    }
  }

  private func send(_ event: Event, to watch: Watch, _ context: ChannelHandlerContext) {
    write(watch.linePrefix + event.tail, context)
  }
}
