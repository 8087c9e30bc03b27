// What the workers do for a request: in which lane, and in how many steps.

internal import ExactJSON
internal import FairleadModel
internal import FairleadService

extension Dispatcher {
  typealias Finish = @Sendable (_ reply: [UInt8]?) -> Void

  /// Reads, and gives `finish` the reply.
  func work(for read: ReadRequest, id: JSON?, finish: @escaping Finish) -> Work {
    let answer: @Sendable (Result<[UInt8], Refusal>) -> Void = { finish(reply(to: id, $0)) }
    func once(_ read: @escaping @Sendable () throws(Refusal) -> [UInt8]) -> Work {
      .once(.short) { answer(Result { () throws(Refusal) in try read() }) }
    }
    switch read {
    case .clusters(let filter, let page): return .page(.long, registry.clusters(filter, page), finish: answer)
    case .changes(let filter, let page): return .page(.long, registry.changes(filter, page), finish: answer)
    case .features(let filter, let page): return .page(.long, registry.features(filter, page), finish: answer)
    case .providers(let filter, let page): return .page(.long, registry.providers(filter, page), finish: answer)
    case .extensions(let page): return .page(.long, registry.clientExtensions(page), finish: answer)
    // A long page of it is many short steps.
    case .history(let key, let page): return .page(.short, registry.history(key, page), finish: answer)
    // Memory does not have it yet.
    case .cluster(let key, .now): return once { () throws(Refusal) in try registry.clusterText(key) }
    case .cluster(let key, let moment): return once { () throws(Refusal) in try registry.cluster(key, moment).text }
    case .diff(let key, let from, let to):
      return once { () throws(Refusal) in try registry.diff(key, from: from, to: to).text }
    case .change(let seq): return once { () throws(Refusal) in try registry.change(seq: seq).text }
    case .report(let seq): return once { () throws(Refusal) in try registry.change(seq: seq).report.text }
    // The event loop answers all of these but the last, which is long; a worker would say the same.
    case .feature, .provider, .extension, .describe, .health, .discover:
      return .once(.short) {
        if case .answered(let reply) = memoryRead(read, id: id) { finish(reply) }
      }
    }
  }

  /// Plans, and gives `finish` the reply.
  func work(
    for request: ChangeRequest, _ options: ChangeOptions, id: JSON?, by actor: Actor, finish: @escaping Finish
  ) -> Work {
    // The plan of a registration looks at every cluster of its subscription.
    planning(
      request.kind == .cluster ? .short : .long, id: id, finish,
      now: { () throws(Refusal) in try registry.planNow(request, options, by: actor)?.text },
      waiting: { () throws(Refusal) in try registry.plan(request, options, by: actor).text })
  }

  func work(for request: ApplyRequest, id: JSON?, by actor: Actor, finish: @escaping Finish) -> Work {
    planning(
      .bulk, id: id, finish, now: { () throws(Refusal) in try registry.planNow(request, by: actor)?.text },
      waiting: { () throws(Refusal) in try registry.plan(request, by: actor).text })
  }

  /// Plans in `lane` by `now`; where that says `nil`, since the writer has to do something first, in the lane of those that wait
  /// for the writer, so that nothing else waits for it.
  private func planning(
    _ lane: Work.Lane, id: JSON?, _ finish: @escaping Finish, now: @escaping @Sendable () throws(Refusal) -> [UInt8]?,
    waiting: @escaping @Sendable () throws(Refusal) -> [UInt8]
  ) -> Work {
    Work(lane) {
      do throws(Refusal) {
        guard let text = try now() else {
          return .once(.waiting) { finish(reply(to: id, Result { () throws(Refusal) in try waiting() })) }
        }
        finish(reply(to: id, .success(text)))
      } catch {
        finish(reply(to: id, .failure(error)))
      }
      return nil
    }
  }

  /// Decodes a long line.
  func work(decoding line: [UInt8], from peer: Peer, finish: @escaping @Sendable (DecodedLine) -> Void) -> Work {
    .once(.decoding) { finish(decode(line, from: peer)) }
  }

  /// The events of a page that a connection may keep at once, and the last change that they cover.
  static func cut(_ events: [Event], through last: Int) -> (events: [Event], through: Int) {
    var bytes = 0
    let fitting = events.prefix { event in
      defer { bytes += event.tail.count }
      return bytes == 0 || bytes + event.tail.count <= ServerLimits.watchPageBytes
    }
    guard fitting.count < events.count, let end = fitting.last else { return (events, last) }
    return (Array(fitting), end.seq)
  }

  /// Reads a page of the log for a watch: its events, and the last change that the page covers.
  func work(
    forHistory filter: WatchFilter, after seq: Int,
    finish: @escaping @Sendable (Result<(events: [Event], through: Int), Refusal>) -> Void
  ) -> Work {
    .once(.long) {
      finish(
        Result { () throws(Refusal) in
          let page = try registry.watched(filter, after: seq)
          return Self.cut(page.changes.map(Event.init), through: page.through)
        })
    }
  }
}
