// A small history made by hand: legal, for tests to change into illegal ones.

import HistoryChecker
import ExactJSON

/// Times are milliseconds. Client and connection have the same number unless a test says otherwise.
struct Sample {
  var operations: [Operation] = []
  var watches: [Watch] = []
  var records: [JSON] = []
  var listed: [JSON]?
  var audited: [Int]?

  /// Seven changes, most kinds of reads and refusals, a retry, two changes without an answer, two watches.
  static func legal() -> Sample {
    var sample = Sample()
    sample.watch("4.0", after: 0, WatchFilter(), at: 1...2)
    sample.watch("5.0", after: 0, WatchFilter(labels: ["team": "a"]), at: 1...2)
    sample.record("w1", "create", "web", revision: 1, config: [:])
    sample.ask("1.0", "cluster.create", of("web", ["message": "w1", "labels": ["team": "a"]]), at: 10...20, change: 1)
    sample.ask("2.0", "cluster.get", of("web"), at: 30...40, result: sample.state(1))
    sample.record("w2", "update", "web", revision: 2, requestID: "k")
    let update = of("web", ["message": "w2", "config": ipvs, "ifRevision": 1, "requestId": "k"])
    sample.ask("1.1", "cluster.update", update, at: 50...60, change: 2)
    sample.ask(
      "2.1", "cluster.history", of("web", ["limit": 5]), at: 70...80,
      result: ["items": [sample.revision(2), sample.revision(1)]])
    sample.ask("2.2", "cluster.list", ["resourceGroup": "rg"], at: 90...100, result: ["items": [sample.state(2)]])
    sample.ask(
      "1.2", "cluster.update", of("web", ["message": "w3", "ifRevision": 1]), at: 110...120,
      refused: ["kind": "conflict", "path": "ifRevision", "expected": 1, "actual": 2])
    sample.ask("1.3", "cluster.update", update, at: 130...140, change: 2)
    sample.ask(
      "2.3", "change.list", ["after": 0, "limit": 20], at: 150...160,
      result: ["items": [sample.change(1), sample.change(2)]])
    sample.record("w4", "create", "db", revision: 1, config: [:])
    sample.ask("3.0", "cluster.create", of("db", ["message": "w4", "labels": ["team": "a"]]), at: 170...170)
    sample.ask("3.1", "cluster.create", of("app", ["message": "w5"]), at: 180...180)
    sample.ask("2.4", "cluster.get", of("db"), at: 200...210, result: sample.state(3))
    sample.record("w6", "delete", "web", revision: 3, isDeleted: true)
    sample.ask("1.4", "cluster.delete", of("web", ["message": "w6", "ifSeq": 2]), at: 220...230, change: 4)
    sample.ask("2.5", "cluster.get", of("web"), at: 240...250, refused: ["kind": "not-found"])
    sample.ask("2.6", "registry.health", [:], at: 251...252, result: ["head": 4])
    sample.record("w7", "rollback", "web", revision: 4, config: [:])
    sample.ask(
      "1.5", "cluster.rollback", of("web", ["message": "w7", "toRevision": 1]), at: 260...270, change: 5)
    sample.record("w8", "update", "db", revision: 1, config: [:], team: "b", isNewRevision: false)
    for seq in 1...5 { sample.event(seq, on: 0, at: [0, 19, 59, 190, 229, 269][seq], arrival: seq + 1) }
    for seq in 1...5 { sample.event(seq, on: 1, at: [0, 19, 59, 190, 229, 269][seq], arrival: seq + 1) }
    sample.event(6, on: 0, at: 285, arrival: 7)
    sample.ask(
      "4.1", "cluster.update", of("db", ["message": "w8", "labels": ["team": "b"]]), at: 280...290, change: 6,
      arrival: 8)
    sample.ask(
      "1.6", "cluster.create", of("web", ["message": "w9"]), at: 300...310, refused: ["kind": "already-exists"])
    sample.record("w10", extension: "1.0.1")
    sample.ask("6.0", "extension.set", ["name": "e", "version": "1.0.1", "message": "w10"], at: 320...330, change: 7)
    sample.event(7, on: 0, at: 325, arrival: 9)
    sample.watches[0].readUntil = 7
    return sample
  }

  static let ipvs: JSON = ["mode": "IPVS"]

  static func of(_ name: String, _ more: JSONObject = JSONObject()) -> JSON {
    var params: JSONObject = ["resourceGroup": "rg", "name": .string(name)]
    for member in more.members { params.append(member.key, member.value) }
    return .object(params)
  }

  // MARK: The log

  mutating func record(
    _ message: String, _ verb: String, _ name: String, revision: Int, config: JSON = ipvs, team: String = "a",
    requestID: String? = nil, isDeleted: Bool = false, isNewRevision: Bool = true
  ) {
    let seq = records.count + 1
    var state =
      Self.of(
        name,
        [
          "revision": .integer(revision), "config": config, "labels": ["team": .string(team)],
          "updatedSeq": .integer(seq),
        ]
      ).objectValue ?? JSONObject()
    if isDeleted { state["deleted"] = true }
    var effects: JSONObject = ["cluster": .object(state)]
    if isNewRevision { effects["revision"] = ["revision": .integer(revision), "seq": .integer(seq), "config": config] }
    append("cluster.\(verb)", kind: "cluster", subject: "rg/\(name)", message, .object(effects), requestID)
  }

  mutating func record(_ message: String, extension version: String, actor: String = "me") {
    append(
      "extension.set", kind: "extension", subject: "e", message,
      ["extension": ["name": "e", "version": .string(version), "updatedSeq": .integer(records.count + 1)]], nil, actor)
  }

  private mutating func append(
    _ method: String, kind: String, subject: String, _ message: String, _ effects: JSON, _ requestID: String?,
    _ actor: String = "me"
  ) {
    var record: JSONObject = [
      "seq": .integer(records.count + 1), "at": "2026-01-01T00:00:00.000Z", "method": .string(method),
      "kind": .string(kind), "subject": .string(subject), "actor": ["name": .string(actor)],
      "message": .string(message),
    ]
    if let requestID { record["requestId"] = .string(requestID) }
    record["report"] = ["verdict": "none", "summary": .string("\(method) \(subject)"), "overridden": []]
    record["effects"] = effects
    records.append(.object(record))
  }

  func state(_ seq: Int) -> JSON { records[seq - 1]["effects"]?["cluster"] ?? .null }
  func revision(_ seq: Int) -> JSON { records[seq - 1]["effects"]?["revision"] ?? .null }

  /// A change as it is listed.
  func change(_ seq: Int) -> JSON {
    let record = records[seq - 1]
    var change = JSONObject()
    for key in ["seq", "at", "method", "kind", "subject"] { change[key] = record[key] }
    change["revision"] = record["effects"]?["revision"]?["revision"]
    for key in ["actor", "message", "requestId"] { change[key] = record[key] }
    for key in ["verdict", "summary", "overridden"] { change[key] = record["report"]?[key] }
    return .object(change)
  }

  /// The answer to the change.
  func answer(_ seq: Int) -> JSON {
    let record = records[seq - 1]
    var answer: JSONObject = ["seq": .integer(seq), "report": record["report"] ?? .null]
    if record["kind"] == "cluster" {
      answer["revision"] = state(seq)["revision"]
      answer["cluster"] = state(seq)
    } else {
      answer["extension"] = ["name": "e", "version": record["effects"]?["extension"]?["version"] ?? .null]
    }
    return .object(answer)
  }

  /// An apply of a new cluster `x` and an update of `db`, and its answer once they are changes 8 and 9.
  static func apply(_ more: JSONObject = JSONObject()) -> JSON {
    var params: JSONObject = [
      "changes": [
        ["method": "cluster.create", "params": of("x", ["message": "w20.1", "labels": ["team": "a"]])],
        [
          "method": "cluster.update",
          "params": of("db", ["message": "w20.2", "config": ipvs, "labels": ["team": "a"]]),
        ],
      ]
    ]
    for member in more.members { params.append(member.key, member.value) }
    return .object(params)
  }

  /// Records the changes of `apply`: all of them, or only the first.
  mutating func recordApply(onlyFirst: Bool = false) {
    record("w20.1", "create", "x", revision: 1, config: [:])
    if !onlyFirst { record("w20.2", "update", "db", revision: 2) }
  }

  func applied(_ seqs: [Int?], refusal: JSON = ["kind": "blocked"]) -> JSON {
    let results = seqs.enumerated().map { place, seq -> JSON in
      if let seq { return ["index": .integer(place), "outcome": answer(seq)] }
      return ["index": .integer(place), "error": ["data": refusal]]
    }
    return ["seq": seqs.compactMap { $0 }.max().map { .integer($0) } ?? .null, "results": .array(results)]
  }

  // MARK: What clients saw

  /// A request; without an answer where none is given.
  mutating func ask(
    _ id: String, _ method: String, _ params: JSON, at time: ClosedRange<Int>, change: Int? = nil, result: JSON? = nil,
    refused: JSON? = nil, connection: Int? = nil, arrival: Int = 1
  ) {
    let result = change.map { answer($0) } ?? result
    let outcome: Operation.Outcome? =
      if let result { .result(result, bytes: result.bytes) } else { refused.map { .refused($0) } }
    let id = Self.id(id)
    operations.append(
      Operation(
        id: id, connection: connection ?? id.client, method: method, params: params,
        invoked: time.lowerBound * 1_000_000,
        answer: outcome.map {
          Operation.Answer(returned: time.upperBound * 1_000_000, arrival: arrival, outcome: $0)
        }))
  }

  mutating func watch(_ id: String, after: Int, _ filter: WatchFilter, at time: ClosedRange<Int>) {
    ask(id, "change.watch", .object(filter.params), at: time, result: ["subscription": 1, "head": .integer(after)])
    let id = Self.id(id)
    watches.append(Watch(operation: id, connection: id.client, filter: filter, after: after, lastSeq: after))
  }

  mutating func event(_ seq: Int, on watch: Int, at time: Int, arrival: Int) {
    watches[watch].events.append(Watch.Event(at: time * 1_000_000, arrival: arrival, change: change(seq)))
  }

  // MARK: Changing it

  /// An update of `web`, change 8, that was made a second after all others.
  mutating func laterUpdate() {
    record("w20", "update", "web", revision: 5)
    var record = records[7].objectValue ?? JSONObject()
    record["at"] = "2026-01-01T00:00:01.000Z"
    records[7] = .object(record)
    ask("9.0", "cluster.update", Self.of("web", ["message": "w20", "config": Self.ipvs]), at: 400...410, change: 8)
  }

  /// Replaces an operation by one with other params or another answer.
  mutating func alter(_ id: String, params: JSON? = nil, outcome: Operation.Outcome? = nil) {
    guard let place = operations.firstIndex(where: { $0.id == Self.id(id) }) else { return }
    let old = operations[place]
    operations[place] = Operation(
      id: old.id, connection: old.connection, method: old.method, params: params ?? old.params, invoked: old.invoked,
      answer: old.answer.map {
        Operation.Answer(returned: $0.returned, arrival: $0.arrival, outcome: outcome ?? $0.outcome)
      })
  }

  private static func id(_ text: String) -> OperationID {
    let parts = text.split(separator: ".").compactMap { Int($0) }
    return OperationID(client: parts[0], number: parts[1])
  }

  func violations() throws -> [Violation] {
    Verifier.violations(
      in: History(
        base: 0, operations: operations, watches: watches, log: try records.map { try LogEntry($0) },
        listed: listed ?? (1...records.count).map { change($0) }, audited: audited ?? Array(1...records.count)))
  }
}
