// Sends requests on a connection, and records every line that comes back.

internal import ExactJSON
internal import DaemonTestSupport

/// A client's record, and the host that it talks to. Confined to the client's thread.
struct Exchange {
  let host: DaemonHost
  var trace: Trace
  /// The kinds of refusal that the workload expects; any other is a violation.
  let tolerates: Set<String>

  /// How requests travel together.
  enum Form {
    /// Each a line of its own, all sent before the first reply is read.
    case lines
    /// One array on one line.
    case batch
  }

  /// Sends, and returns the places of the operations in the record.
  mutating func send(_ asks: [Ask], as form: Form, on link: Link) throws(LinkEnded) -> Range<Int> {
    let start = trace.operations.count
    var requests: [JSON] = []
    for ask in asks {
      let number = trace.operations.count
      requests.append([
        "jsonrpc": "2.0", "id": .integer(number), "method": .string(ask.method), "params": .object(ask.params),
      ])
      trace.operations.append(
        Operation(
          id: OperationID(client: trace.client, number: number), connection: link.number, method: ask.method,
          params: .object(ask.params), invoked: Clock.now))
    }
    let bytes: [UInt8]
    switch form {
    case .lines: bytes = requests.flatMap { $0.bytes + [UInt8(ascii: "\n")] }
    case .batch: bytes = JSON.array(requests).bytes + [UInt8(ascii: "\n")]
    }
    if link.client.send(bytes) < bytes.count { throw ended(link) }
    return start..<trace.operations.count
  }

  /// Sends, and returns the operations with their answers.
  mutating func call(_ asks: [Ask], as form: Form = .lines, on link: Link) throws(LinkEnded) -> ArraySlice<Operation> {
    let places = try send(asks, as: form, on: link)
    switch form {
    case .lines: for place in places { try receive([place], on: link) }
    case .batch: try receive(Array(places), on: link)
    }
    return trace.operations[places]
  }

  /// Sends one request, and as soon as its reply has arrived a second one on another connection; returns both.
  ///
  /// A change that is visible to one client before it is visible to all is so for a fraction of a millisecond, so the second
  /// request is sent before the first reply is parsed.
  mutating func call(
    _ ask: Ask, on link: Link, then next: Ask, on other: Link
  ) throws(LinkEnded) -> [Operation] {
    let place = try send([ask], as: .lines, on: link).lowerBound
    var following: Int?
    try receive([place], on: link) { (exchange) throws(LinkEnded) in
      following = try exchange.send([next], as: .lines, on: other).lowerBound
    }
    guard let following else { return [trace.operations[place]] }
    try receive([following], on: other)
    return [trace.operations[place], trace.operations[following]]
  }

  /// Whether the watch has reported this change, which is in the log and passes its filter; `patiently` reads on until it has.
  mutating func reach(_ seq: Int, on watch: Int, of link: Link, patiently: Bool) throws(LinkEnded) -> Bool {
    while trace.watches[watch].events.last?.seq ?? 0 < seq {
      guard patiently else { return false }
      let (line, at) = try next(link)
      let json = try parse(line, link)
      guard takeEvent(json, at, link) else { throw odd(line, "nothing was asked", link) }
    }
    trace.watches[watch].readUntil = seq
    return true
  }

  // MARK: Lines

  /// Reads up to the reply to these operations, which is one line, and records the events before it. `atOnce` runs when the
  /// reply has arrived and before it is parsed.
  private mutating func receive(
    _ places: [Int], on link: Link, atOnce: (inout Exchange) throws(LinkEnded) -> Void = { _ in }
  ) throws(LinkEnded) {
    let prefix = Array(#"{"jsonrpc":"2.0","id":\#(places[0]),"#.utf8)
    while true {
      let (line, returned) = try next(link)
      if line.starts(with: prefix) {
        // An acknowledgement before the commit is found only by a kill that follows at once, so this comes first.
        if Self.acknowledges(line[prefix.count...]) { host.acknowledged(in: link.life) }
        try atOnce(&self)
      }
      let json = try parse(line, link)
      if takeEvent(json, returned, link) { continue }
      let replies: [(JSON, ArraySlice<UInt8>)]
      if let items = json.arrayValue {
        replies = Array(zip(items, RawJSON.parts(line[...])))
      } else {
        replies = [(json, line[...])]
      }
      guard replies.map({ $0.0["id"]?.intValue }) == places else {
        throw odd(line, "the replies to \(places.map { "\(trace.operations[$0].id)" }) were due", link)
      }
      for ((reply, text), place) in zip(replies, places) { try take(reply, text, place, returned, line, link) }
      return
    }
  }

  private static let acknowledgement = Array(#""result":{"seq":"#.utf8)

  /// Whether the rest of a reply begins like that of a recorded change. A reply that is written in another way is merely not
  /// followed by a kill.
  private static func acknowledges(_ rest: ArraySlice<UInt8>) -> Bool {
    rest.starts(with: acknowledgement)
      && rest.dropFirst(acknowledgement.count).first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        == true
  }

  private mutating func take(
    _ reply: JSON, _ text: ArraySlice<UInt8>, _ place: Int, _ returned: Int, _ line: [UInt8], _ link: Link
  ) throws(LinkEnded) {
    let operation = trace.operations[place]
    let outcome: Operation.Outcome
    if let result = reply["result"] {
      guard let bytes = RawJSON.members(text)["result"] else { throw odd(line, "a result was due", link) }
      outcome = .result(result, bytes: Array(bytes))
      if operation.method == "change.watch" { try begin(operation, result, line, link) }
    } else if let data = reply["error"]?["data"] {
      outcome = .refused(data)
      if !tolerates.contains(data["kind"]?.stringValue ?? "") {
        trace.report(.failed, [operation.id], "\(operation.title) was refused: \(reply.text)")
      }
    } else {
      throw odd(line, "it has neither a result nor an error", link)
    }
    trace.operations[place].answer = Operation.Answer(returned: returned, arrival: link.arrivals, outcome: outcome)
  }

  private mutating func begin(
    _ operation: Operation, _ result: JSON, _ line: [UInt8], _ link: Link
  ) throws(LinkEnded) {
    guard let number = result["subscription"]?.intValue, let head = result["head"]?.intValue,
      link.watches[number] == nil
    else { throw odd(line, "a subscription and the head were due", link) }
    link.watches[number] = trace.watches.count
    trace.watches.append(
      Watch(
        operation: operation.id, connection: link.number, filter: WatchFilter(params: operation.params),
        after: operation.params["after"]?.intValue ?? head, lastSeq: head))
  }

  /// Records an event; returns false where the line is none.
  private mutating func takeEvent(_ json: JSON, _ at: Int, _ link: Link) -> Bool {
    guard json["method"] == "change.event", json["id"] == nil else { return false }
    var change = json["params"]?.objectValue ?? JSONObject()
    guard let number = change["subscription"]?.intValue, let watch = link.watches[number] else {
      trace.report(.oddReply, [], "an event of a subscription that nobody has: \(json.text)")
      return true
    }
    change["subscription"] = nil
    trace.watches[watch].events.append(
      Watch.Event(at: at, arrival: link.arrivals, change: .object(change)))
    return true
  }

  /// The next line, and when it arrived.
  private mutating func next(_ link: Link) throws(LinkEnded) -> ([UInt8], Int) {
    let line: [UInt8]?
    do {
      line = try link.client.readBytes()
    } catch {
      trace.report(.noAnswer, unanswered(link), "\(error)")
      throw LinkEnded()
    }
    let now = Clock.now
    guard let line else { throw ended(link) }
    link.arrivals += 1
    return (line, now)
  }

  private mutating func parse(_ line: [UInt8], _ link: Link) throws(LinkEnded) -> JSON {
    do {
      return try JSON(parsing: line)
    } catch {
      throw odd(line, "it is not JSON", link)
    }
  }

  // MARK: What goes wrong

  /// A connection may end when the daemon is killed, and at no other time.
  private mutating func ended(_ link: Link) -> LinkEnded {
    if !host.wasKilled(link.life) {
      trace.report(.lostConnection, unanswered(link), "the daemon ended connection \(link.number)")
    }
    return LinkEnded()
  }

  private mutating func odd(_ line: [UInt8], _ why: String, _ link: Link) -> LinkEnded {
    trace.report(
      .oddReply, unanswered(link), "\(why), and this came: \(String(decoding: line.prefix(2000), as: UTF8.self))")
    return LinkEnded()
  }

  private func unanswered(_ link: Link) -> [OperationID] {
    trace.operations.suffix(20).filter { $0.connection == link.number && $0.answer == nil }.map(\.id)
  }
}

extension WatchFilter {
  /// What the parameters of a `change.watch` ask for.
  init(params: JSON) {
    let labels = params["label"]?.objectValue?.members ?? []
    self.init(
      kinds: params["kinds"]?.arrayValue?.compactMap(\.stringValue) ?? [],
      resourceGroup: params["resourceGroup"]?.stringValue, name: params["name"]?.stringValue,
      labels: Dictionary(labels.map { ($0.key, $0.value.stringValue ?? "") }) { $1 })
  }
}
