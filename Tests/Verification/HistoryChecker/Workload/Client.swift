// One random client: asks, records, loses its connection, and goes on where it was.

internal import ExactJSON
internal import DaemonTestSupport

/// Confined to its thread.
struct Client {
  let number: Int
  let seed: UInt64
  let steps: Int
  let abilities: Abilities
  private var exchange: Exchange
  private var asker: Asker
  private var main: Link?
  private var side: Link?
  /// What it watches, across all its connections, and how far each watch has come.
  private var interests: [Interest] = []
  /// Retriable requests that nobody knows the end of.
  private var unsettled: [Ask] = []
  /// Changes that were made, to be asked for again.
  private var settled: [Ask] = []
  private var changes = 0

  private struct Interest {
    let filter: WatchFilter
    var reached: Int
    /// Where the connection that is open now has it.
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

  /// Takes every step, and returns the record.
  mutating func run() -> Trace {
    for step in 0..<steps {
      // After a violation nothing more is learned from this client, and a daemon that does not answer would hold it for long.
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
      // From now on, or from some way back in the log.
      try watch(filter, after: decisions.isTrue(oneIn: 2) ? nil : max(asker.base, asker.head - back))
    case .reconnect: drop()
    }
  }

  private mutating func asks(_ count: Int, _ decisions: inout Decisions) -> [Ask] {
    (0..<count).map { _ in asker.ask(&decisions, message: nextMessage()) }
  }

  /// Most of what was left open is asked for again, so that it settles; the rest stays unknown.
  private mutating func settle(_ decisions: inout Decisions) throws(LinkEnded) {
    while let ask = unsettled.first {
      unsettled.removeFirst()
      if decisions.number(4) > 0 { try call([ask], on: .main) }
    }
  }

  private mutating func nextMessage() -> String {
    changes += 1
    return "w\(number)-\(changes)"
  }

  // MARK: Connections

  private enum Side { case main, side }

  private mutating func call(_ asks: [Ask], as form: Exchange.Form = .lines, on side: Side) throws(LinkEnded) {
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
    // Both connections stand before anything is sent, so that the second request is on its way at once.
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

  /// Keeps for another attempt what may be asked again and has had no answer.
  private mutating func unsettle(since sent: Int) {
    unsettled += exchange.trace.operations[sent...].filter { $0.answer == nil }.compactMap(retriable)
  }

  private func retriable(_ operation: Operation) -> Ask? {
    guard operation.params["requestId"] != nil, let params = operation.params.objectValue else { return nil }
    return Ask(operation.method, params)
  }

  /// The connection, made where there is none. The main one watches again from where it was.
  private mutating func link(_ side: Side) throws(LinkEnded) -> Link {
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

  /// Closes both connections, with whatever they have not read.
  private mutating func drop() {
    main = nil
    side = nil
    for place in interests.indices { noteProgress(place) }
  }

  // MARK: Watches

  private mutating func watch(_ filter: WatchFilter, after: Int?) throws(LinkEnded) {
    let link = try link(.main)
    interests.append(Interest(filter: filter, reached: 0))
    do {
      try begin(interests.count - 1, after: after, on: link)
    } catch {
      // It never began, so there is nothing to go on with.
      if interests.last?.watch == nil { interests.removeLast() }
      throw error
    }
  }

  private mutating func begin(_ place: Int, after: Int?, on link: Link) throws(LinkEnded) {
    var params = interests[place].filter.params
    if let after { params["after"] = .integer(after) }
    let before = exchange.trace.watches.count
    _ = try exchange.call([Ask("change.watch", params)], on: link)
    guard exchange.trace.watches.count > before else { return }
    interests[place].watch = before
    interests[place].reached = exchange.trace.watches[before].after
  }

  private mutating func noteProgress(_ place: Int) {
    guard let watch = interests[place].watch else { return }
    interests[place].reached = exchange.trace.watches[watch].events.last?.seq ?? exchange.trace.watches[watch].after
    interests[place].watch = nil
  }

  // MARK: The end

  /// How many changes it makes at the end at most, and from which on it waits for their events.
  private static let lastChanges = 40
  private static let patientFrom = 30

  /// Makes a change that each watch must bring, and goes on until it has: nothing may be missing before it.
  private mutating func finish() {
    var attempts = 0
    for place in interests.indices {
      var isComplete = false
      while !isComplete, attempts < Self.lastChanges, exchange.host.failure == nil, exchange.trace.violations.isEmpty {
        attempts += 1
        do {
          isComplete = try complete(place, patiently: attempts >= Self.patientFrom)
        } catch {
          drop()
        }
      }
    }
    drop()
  }

  private mutating func complete(_ place: Int, patiently: Bool) throws(LinkEnded) -> Bool {
    let link = try link(.main)
    guard let watch = interests[place].watch else { return true }
    let filter = interests[place].filter
    let message = nextMessage()
    var ask: Ask
    if !filter.kinds.isEmpty, !filter.kinds.contains("cluster") {
      ask = Ask("extension.set", ["name": .string("e-\(asker.group)"), "version": .string("2.\(number).\(changes)")])
    } else if let name = filter.name {
      // Whether it exists at this moment, the answer tells, and the next attempt does the other.
      ask = Ask(changes % 2 == 0 ? "cluster.create" : "cluster.update", asker.params(of: name))
      ask.params["labels"] = ["by": .string(message)]
    } else {
      ask = Ask("cluster.create", asker.params(of: "f\(number)-\(changes)"))
      ask.params["labels"] = .object(
        JSONObject(filter.labels.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }))
    }
    ask.params["message"] = .string(message)
    let operations = try exchange.call([ask], on: link)
    guard let seq = operations.first?.result?["seq"]?.intValue else { return false }
    // Its event came before its reply, or is on its way behind others. Or it never comes: then the next change brings that to
    // light at once, and waiting would only in half a minute.
    return try exchange.reach(seq, on: watch, of: link, patiently: patiently)
  }
}
