// The watches of a random client: begun, resumed after a lost connection, and shown to be complete at the end.

internal import ExactJSON

extension Client {
  mutating func watch(_ filter: WatchFilter, after: Int?) throws(LinkEnded) {
    let link = try link(.main)
    interests.append(Interest(filter: filter, reached: 0))
    do {
      try begin(interests.count - 1, after: after, on: link)
    } catch {
      // It never began, so there is nothing to resume.
      if interests.last?.watch == nil { interests.removeLast() }
      throw error
    }
  }

  mutating func begin(_ place: Int, after: Int?, on link: Link) throws(LinkEnded) {
    var params = interests[place].filter.params
    if let after { params["after"] = .integer(after) }
    let before = exchange.trace.watches.count
    _ = try exchange.call([Ask("change.watch", params)], on: link)
    guard exchange.trace.watches.count > before else { return }
    interests[place].watch = before
    interests[place].reached = exchange.trace.watches[before].after
  }

  mutating func noteProgress(_ place: Int) {
    guard let watch = interests[place].watch else { return }
    interests[place].reached = exchange.trace.watches[watch].events.last?.seq ?? exchange.trace.watches[watch].after
    interests[place].watch = nil
  }

  // MARK: The end

  /// The most changes that it makes at the end, and the attempt from which on it waits for their events.
  private static let lastChanges = 40
  private static let patientFrom = 30

  /// Makes changes until each watch has reported one of them: then nothing before it may be missing.
  mutating func finish() {
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
      // The answer says whether it exists at this moment, and the next attempt does the other.
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
    // Its event came before its reply, or follows behind others. If it never comes, the next change shows that at once, while
    // waiting would show it only after half a minute.
    return try exchange.reach(seq, on: watch, of: link, patiently: patiently)
  }
}
