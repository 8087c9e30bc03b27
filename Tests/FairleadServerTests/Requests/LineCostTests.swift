// What a line costs: twice the line takes at most two and a half times the processor time, whatever is in it.

import DaemonTestSupport
import ExactJSON
import FairleadModel
@testable import FairleadServer
import FairleadService
import FairleadStore
import FairleadWire
import Synchronization
import Testing

@Suite("The cost of a line", .timeLimit(.minutes(10)))
struct LineCostTests {
  /// A dispatcher on a ledger of its own, with some clusters in it. Everything runs on the caller's thread.
  private final class Server {
    private let scratch: Scratch
    private let ledger: Ledger
    private let registry: Registry
    private let dispatcher: Dispatcher
    private let actor = Actor(uid: 0, gid: 0, pid: 1, name: "system")

    init() throws {
      scratch = try Scratch()
      ledger = try Ledger(path: scratch.file("ledger.db"))
      registry = try Registry(
        ledger: ledger, settleSeconds: 0, system: actor, now: { .now }, bootTime: { nil }, log: { _ in })
      dispatcher = Dispatcher(registry: registry, socketPath: "", onDeadline: {})
    }

    func stop() throws {
      registry.stop()
      try ledger.close()
    }

    /// Decodes a line, and plans or reads what it asks for; returns the bytes of the replies that are refusals.
    @discardableResult
    func serve(_ line: [UInt8]) -> Int {
      let requests: [DecodedRequest] =
        switch dispatcher.decode(line, from: Peer(actor: actor, role: .admin)) {
        case .single(let request): [request]
        case .batch(let requests): requests
        }
      return requests.reduce(0) { $0 + refusedBytes(serve($1)) }
    }

    private func serve(_ request: DecodedRequest) -> [UInt8]? {
      switch request {
      case .answered(let reply): reply
      case .memoryRead(let read, let id), .read(let read, let id):
        complete { dispatcher.work(for: read, id: id, finish: $0) }
      case .plan(let change, let options, let id):
        complete { dispatcher.work(for: change, options, id: id, by: actor, finish: $0) }
      case .planApply(let apply, let id): complete { dispatcher.work(for: apply, id: id, by: actor, finish: $0) }
      case .write, .watch: nil
      }
    }

    /// Does every step of some work on this thread, and returns the reply.
    private func complete(_ work: (@escaping Dispatcher.Finish) -> Work) -> [UInt8]? {
      let reply = Mutex<[UInt8]?>(nil)
      var next: Work? = work { text in reply.withLock { $0 = text } }
      while let step = next { next = step.step() }
      return reply.withLock { $0 }
    }

    private func refusedBytes(_ reply: [UInt8]?) -> Int {
      guard let reply, String(decoding: reply.prefix(20_000), as: UTF8.self).contains("\"error\"") else { return 0 }
      return reply.count
    }
  }

  /// Bytes of the values: at the bounds of a string and of an object, and past them.
  private static let sizes = [Limits.jsonMembers * 16, Limits.jsonTextBytes, 48 << 10]

  private func measure(_ places: [LinePlace]) throws {
    let server = try Server()
    for place in places {
      for shape in LineShape.all {
        for size in Self.sizes {
          let (half, whole) = (place.line(with: shape.value(size / 2)), place.line(with: shape.value(size)))
          let excess = ProcessorTime.excess(half: { server.serve(half) }, whole: { server.serve(whole) })
          #expect(excess == nil, "\(place.name), \(shape.name), \(size) bytes")
          // Even an id is no longer than a string of a request may be, and is escaped once more.
          #expect(server.serve(whole) <= 2 * Limits.jsonTextBytes, "\(place.name), \(shape.name): a long refusal")
        }
      }
    }
    try server.stop()
  }

  @Test("every value of every method", arguments: Method.all.map(\.name))
  func everyMethod(name: String) throws { try measure(LinePlace.all(of: Method.named(name))) }

  @Test("every part of a request, and of a batch")
  func envelope() throws { try measure(LinePlace.ofTheEnvelope) }

  @Test("the longest line of each kind")
  func longestLine() throws {
    let server = try Server()
    let place = try #require(LinePlace.all(of: Method.named("cluster.apply")).first)
    for shape in LineShape.all {
      let half = place.line(with: shape.value(Limits.lineBytes / 2 - 1024))
      let whole = place.line(with: shape.value(Limits.lineBytes - 2048))
      let excess = ProcessorTime.excess(half: { server.serve(half) }, whole: { server.serve(whole) })
      #expect(excess == nil, "\(place.name), \(shape.name)")
    }
    try server.stop()
  }

  /// A request line.
  private func request(_ method: String, _ params: JSON) -> [UInt8] {
    Array(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params.text)}"#.utf8)
  }

  private func labels(_ count: Int) -> JSON {
    let value = JSON.string("e" + String(repeating: "\u{301}\u{316}", count: Limits.labelValueBytes / 4 - 1))
    return .object(JSONObject((0..<count).map { .init(key: "label-\($0)", value: value) }))
  }

  private func changes(_ count: Int, _ method: String, name: (Int) -> String) -> JSON {
    .array(
      (0..<count).map { number in
        [
          "method": .string(method),
          "params": ["resourceGroup": "rg", "name": .string(name(number)), "config": ["mode": "NFTABLES"]],
        ]
      })
  }

  private func expectProportional(_ what: String, _ size: Int, _ line: (Int) -> [UInt8]) throws {
    let server = try Server()
    let (half, whole) = (line(size / 2), line(size))
    #expect(ProcessorTime.excess(half: { server.serve(half) }, whole: { server.serve(whole) }) == nil, "\(what)")
    try server.stop()
  }

  @Test("as many labels as a cluster may have, in every place that takes labels")
  func labels() throws {
    let name: JSONObject = ["resourceGroup": "rg", "name": "web", "dryRun": true]
    try expectProportional("cluster.create", Limits.labels) { count in
      var params = name
      params["labels"] = labels(count)
      return request("cluster.create", .object(params))
    }
    try expectProportional("cluster.list", Limits.labels) { request("cluster.list", ["labels": labels($0)]) }
    try expectProportional("change.watch", Limits.labels) { request("change.watch", ["label": labels($0)]) }
  }

  @Test("the changes of an apply, planned: of many clusters, of clusters that do not exist, and of one cluster")
  func apply() throws {
    try expectProportional("new clusters", 1000) {
      request("cluster.apply", ["dryRun": true, "changes": changes($0, "cluster.create") { "c\($0)" }])
    }
    try expectProportional("unknown clusters", 1000) {
      request("cluster.apply", ["dryRun": true, "changes": changes($0, "cluster.update") { "c\($0)" }])
    }
    try expectProportional("one cluster", 1000) {
      request("cluster.apply", ["dryRun": true, "changes": changes($0, "cluster.create") { _ in "c" }])
    }
  }

  @Test("the requests of a batch that are all refused with a suggestion")
  func refusedBatch() throws {
    func batch(_ count: Int, _ item: JSON) -> [UInt8] { JSON.array(Array(repeating: item, count: count)).bytes }
    let items: [JSON] = [
      ["jsonrpc": "2.0", "id": 1, "method": "cluster.udpate"],
      ["jsonrpc": "2.0", "id": 1, "method": "registry.describe", "parms": [:]],
      ["jsonrpc": "2.0", "id": 1, "method": "cluster.create", "params": ["resourceGroop": "rg"]],
      [
        "jsonrpc": "2.0", "id": 1, "method": "cluster.create",
        "params": ["resourceGroup": "rg", "name": "web", "facts": ["usesLocalNodePorts": true]],
      ],
    ]
    for item in items {
      try expectProportional(item.text, Limits.batchRequests) { batch($0, item) }
    }
  }
}
