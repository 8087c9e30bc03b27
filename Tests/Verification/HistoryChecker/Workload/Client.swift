// One random client: sends requests, records the answers, loses its connection, and resumes where it was.

internal import ExactJSON
internal import DaemonTestSupport

/// Confined to its thread.
struct Client {
  let number: Int
  let seed: UInt64
  let steps: Int
  let abilities: Abilities
  var exchange: Exchange
  var asker: Asker
  private var main: Link?
  private var side: Link?
  /// What it watches, across all its connections, and the last change that each watch has reported.
  var interests: [Interest] = []
  /// Retriable requests without an answer: nobody knows whether they were executed.
  private var unsettled: [Ask] = []
  /// Acknowledged changes, to be sent again under the same request id.
  private var settled: [Ask] = []
  var changes = 0

  struct Interest {
    let filter: WatchFilter
    var reached: Int
    /// Its place in the record, while the connection that is open now has it.
    var watch: Int?
  }

  private static let interestsAtMost = 3

  init(number: Int, seed: UInt64, steps: Int, abilities: Abilities, exchange: Exchange, asker: Asker) {
    self.number = number
    self.seed = seed
    self.steps = steps
    self.abilities = abilities
    self.exchange = exchange
    self.asker = asker
  }

  /// Executes every step, and returns the record.
  mutating func run() -> Trace {
    for step in 0..<steps {
      // After a violation this client can show nothing more, and a daemon that does not answer would hold it up for long.
      guard exchange.host.failure == nil, exchange.trace.violations.isEmpty else { break }
      var decisions = Decisions(seed: seed, client: number, step: step)
      do {
        try settle(&decisions)
        try take(decisions.step(), &decisions)
      } catch {
        drop()
      }
    }
    finish()
    return exchange.trace
  }

  // MARK: Steps

  private mutating func take(_ step: Decisions.Step, _ decisions: inout Decisions) throws(LinkEnded) {
    switch step {
    case .single: try call([asker.ask(&decisions, message: nextMessage())], on: .main)
    case .changeThenRead:
      let change = asker.change(&decisions, message: nextMessage())
      try call(change, then: asker.look(at: change.clusterName, by: decisions.number(4)))
    case .reads:
      let name = asker.name(&decisions)
      let by = decisions.number(4)
      try call(asker.look(at: name, by: by), then: asker.look(at: name, by: by + 1))
      try call(asker.look(at: name, by: by + 2), then: asker.look(at: name, by: by + 3))
    case .pipeline(let count): try call(asks(count, &decisions), on: .main)
    case .batch(let count): try call(asks(count, &decisions), as: abilities.batches ? .batch : .lines, on: .main)
    case .abandon(let count):
      let asks = (0..<count).map { _ in
        asker.change(&decisions, message: nextMessage(), isRetriable: decisions.number(4) > 0)
      }
      unsettled += asks.filter(\.isRetriable)
      _ = try exchange.send(asks, as: .lines, on: link(.main))
      drop()
    case .replay:
      guard !settled.isEmpty else { return }
      let again = decisions.pick(settled)
      try call([again], on: decisions.isTrue(oneIn: 2) ? .main : .side)
    case .watch:
      guard abilities.watches, interests.count < Self.interestsAtMost else { return }
      let filter = asker.filter(&decisions)
      let back = decisions.number(30)
      // From now on, or from some changes back in the log.
      try watch(filter, after: decisions.isTrue(oneIn: 2) ? nil : max(asker.base, asker.lastSeq - back))
    case .reconnect: drop()
    }
  }

  private mutating func asks(_ count: Int, _ decisions: inout Decisions) -> [Ask] {
    (0..<count).map { _ in asker.ask(&decisions, message: nextMessage()) }
  }

  /// Sends most of the unanswered requests again, so that their outcome becomes known; the rest stays unknown.
  private mutating func settle(_ decisions: inout Decisions) throws(LinkEnded) {
    while let ask = unsettled.first {
      unsettled.removeFirst()
      if decisions.number(4) > 0 { try call([ask], on: .main) }
    }
  }

  mutating func nextMessage() -> String {
    changes += 1
    return "w\(number)-\(changes)"
  }

  // MARK: Connections

  enum Side { case main, side }

  mutating func call(_ asks: [Ask], as form: Exchange.Form = .lines, on side: Side) throws(LinkEnded) {
    let link = try link(side)
    let sent = exchange.trace.operations.count
    do {
      for operation in try exchange.call(asks, as: form, on: link) { learn(operation) }
    } catch {
      unsettle(since: sent)
      throw error
    }
  }

  /// A request on the main connection, and at its reply one on the other.
  private mutating func call(_ ask: Ask, then next: Ask) throws(LinkEnded) {
    // Both connections are open before anything is sent, so that the second request leaves without delay.
    let (main, other) = (try link(.main), try link(.side))
    let sent = exchange.trace.operations.count
    do {
      for operation in try exchange.call(ask, on: main, then: next, on: other) { learn(operation) }
    } catch {
      unsettle(since: sent)
      throw error
    }
  }

  private mutating func learn(_ operation: Operation) {
    asker.learn(operation)
    if let ask = retriable(operation), operation.result?["seq"]?.intValue != nil { settled.append(ask) }
  }

  /// Keeps retriable requests without an answer for another attempt.
  private mutating func unsettle(since sent: Int) {
    unsettled += exchange.trace.operations[sent...].filter { $0.answer == nil }.compactMap(retriable)
  }

  private func retriable(_ operation: Operation) -> Ask? {
    guard operation.params["requestId"] != nil, let params = operation.params.objectValue else { return nil }
    return Ask(operation.method, params)
  }

  /// The connection, made where there is none. On a new main connection the watches resume.
  mutating func link(_ side: Side) throws(LinkEnded) -> Link {
    if let link = side == .main ? main : self.side, !exchange.host.wasKilled(link.life) { return link }
    let link = try connect()
    switch side {
    case .side: self.side = link
    case .main:
      main = link
      for place in interests.indices {
        noteProgress(place)
        try begin(place, after: interests[place].reached, on: link)
      }
    }
    return link
  }

  private mutating func connect() throws(LinkEnded) -> Link {
    while let life = exchange.host.waitUntilUp() {
      do {
        return Link(
          number: exchange.host.nextConnection(), life: life,
          client: try LineClient(path: exchange.host.socket, patience: exchange.host.patience))
      } catch {
        guard !exchange.host.wasKilled(life) else { continue }
        exchange.trace.report(.lostConnection, [], "the daemon takes no connection: \(error)")
        throw LinkEnded()
      }
    }
    throw LinkEnded()
  }

  /// Closes both connections, with whatever was not read from them.
  mutating func drop() {
    main = nil
    side = nil
    for place in interests.indices { noteProgress(place) }
  }
}
