// The watches of one connection: each is told of changes in order and once, as fast as its peer takes them.

internal import FairleadModel
internal import NIOCore

extension ConnectionHandler {
  /// A watch that begins once its reply is out.
  func newWatch(_ request: WatchRequest) throws(Refusal) -> (watch: Watch, head: Int) {
    let start = try dispatcher.start(of: request)
    guard countedWatches < Limits.watchesPerConnection else {
      throw Refusal(
        .busy(retryAfterMs: Limits.busyRetryMs),
        "cannot take more than \(Limits.watchesPerConnection) watches on one connection; open another, or ask for more with "
          + "one watch")
    }
    guard hub.open() else {
      throw Refusal(
        .busy(retryAfterMs: 1000), "cannot take more than \(Limits.watches) watches; end one, or try again")
    }
    countedWatches += 1
    lastSubscription += 1
    return (Watch(subscription: lastSubscription, filter: request.filter, after: start.after), start.head)
  }

  func begin(_ opened: [Watch]) {
    guard !opened.isEmpty, let context else { return }
    if watches.isEmpty {
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      hub.set({ bound.value.goOn() }, for: self)
    }
    watches += opened
  }

  func endWatches() {
    guard countedWatches > 0 else { return }
    hub.set(nil, for: self)
    hub.close(countedWatches)
    countedWatches = 0
    watches = []
  }

  /// Sends each watch what it has not been told of, as far as the peer takes it. What is no longer kept in memory is read
  /// from the file, a page at a time, so that a slow watcher costs the daemon nothing while it is slow.
  func advanceWatches() {
    // By number: a write that finds the peer gone ends the watches.
    for subscription in watches.map(\.subscription) { while advance(subscription) {} }
  }

  /// Tells one watch of what is kept behind its cursor; `false` where it has to wait or has heard all.
  private func advance(_ subscription: Int) -> Bool {
    guard let context, context.channel.isWritable,
      let watch = watches.first(where: { $0.subscription == subscription }),
      !watch.isReading
    else { return false }
    switch hub.look(after: watch.cursor) {
    case .gone:
      readHistory(watch, context)
      return false
    case .events(let events):
      guard let last = events.last else { return false }
      // Before the first write, which may come back here: what is being told must not be told twice.
      set(subscription) { $0.cursor = last.seq }
      for event in events where event.passes(watch.filter) { tell(event, watch, context) }
      return true
    }
  }

  private func tell(_ event: Event, _ watch: Watch, _ context: ChannelHandlerContext) {
    write(watch.lineHead + event.tail, context)
  }

  private func readHistory(_ watch: Watch, _ context: ChannelHandlerContext) {
    set(watch.subscription) { $0.isReading = true }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    workers.run { [dispatcher, mailbox] in
      let page = Result { () throws(Refusal) in try dispatcher.history(watch.filter, after: watch.cursor) }
      mailbox.post { bound.value.take(page, for: watch) }
    }
  }

  private func take(_ page: Result<(events: [Event], through: Int), Refusal>, for watch: Watch) {
    guard let context else { return }
    switch page {
    case .success(let page):
      for event in page.events { tell(event, watch, context) }
      set(watch.subscription) { watch in
        watch.isReading = false
        watch.cursor = max(watch.cursor, page.through)
      }
      goOn()
    case .failure:
      // What cannot be read cannot be told in order and once: the watcher comes again with what it has seen last.
      context.close(promise: nil)
    }
  }

  private func set(_ subscription: Int, _ body: (inout Watch) -> Void) {
    guard let index = watches.firstIndex(where: { $0.subscription == subscription }) else { return }
    body(&watches[index])
  }
}
