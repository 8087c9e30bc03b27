// The same requests to the service, to the dispatcher and through a socket: the results are equal at all three layers.

import ExactJSON
import FairleadModel
@testable import FairleadServer
import FairleadService
import FairleadStore
import FairleadWire
import Foundation
import Synchronization
import Testing

/// Answers requests with the `result` or the `error` that the wire would carry.
protocol Endpoint {
  func ask(_ method: String, _ params: JSON) throws -> JSON
}

enum Layer: String, CaseIterable {
  case service
  case wire
  case socket

  /// An endpoint at this layer, with a new registry.
  func endpoint(in scratch: Scratch) throws -> any Endpoint {
    switch self {
    case .service: try ServiceEndpoint(Registry.test(in: scratch))
    case .wire: WireEndpoint(dispatcher: try .test(in: scratch))
    case .socket: try SocketEndpoint(in: scratch)
    }
  }
}

private let peer = Peer(actor: Actor(uid: 7, gid: 7, pid: 7, name: "tester"), role: .admin)

extension Registry {
  fileprivate static func test(in scratch: Scratch) throws -> Registry {
    try Registry(
      ledger: try Ledger(path: scratch.file("ledger.db")), settleSeconds: 0,
      system: Actor(uid: 0, gid: 0, pid: 1, name: "system"), now: { Timestamp(milliseconds: 1_795_381_485_000) },
      bootTime: { nil }, log: { Issue.record("incident: \($0)") })
  }
}

extension Dispatcher {
  fileprivate static func test(in scratch: Scratch) throws -> Dispatcher {
    Dispatcher(registry: try .test(in: scratch), socketPath: "none", onDeadline: {})
  }
}

/// Calls the registry with typed requests.
private struct ServiceEndpoint: Endpoint {
  let registry: Registry

  init(_ registry: Registry) { self.registry = registry }

  func ask(_ method: String, _ params: JSON) throws -> JSON {
    do throws(Refusal) {
      switch try Method.named(method).call(params.objectValue ?? JSONObject()) {
      case .change(let request, let options): return try registry.change(request, options, by: peer.actor).json
      case .apply(let request): return try registry.apply(request, by: peer.actor) { $0.json }.json
      case .read(.cluster(let key, let moment)): return try registry.cluster(key, moment).json
      case .read(.history(let key, let page)):
        return JSON(written: try registry.history(key, page).complete())
      case .read(.diff(let key, let from, let to)): return try registry.diff(key, from: from, to: to).json
      case .read(.report(let seq)): return try registry.change(seq: seq).report.json
      case .read(let other): return .string("the story does not read \(other)")
      case .watch(let watch): return .string("the story does not watch \(watch)")
      }
    } catch {
      return error.wireJSON
    }
  }
}

/// Gives the dispatcher lines, without a socket.
private struct WireEndpoint: Endpoint {
  let dispatcher: Dispatcher

  func ask(_ method: String, _ params: JSON) throws -> JSON {
    let request = Request(id: 1, method: method, params: params.objectValue ?? JSONObject())
    guard case .single(let decoded) = dispatcher.decode(Array(request.line.dropLast()), from: peer) else {
      throw Failure("a request that is decoded as a batch")
    }
    let line: [UInt8]?
    switch decoded {
    case .answered(let reply): line = reply
    case .memoryRead(let read, let id), .read(let read, let id):
      line = worked { dispatcher.work(for: read, id: id, finish: $0) }
    case .plan(let change, let options, let id):
      line = worked { dispatcher.work(for: change, options, id: id, by: peer.actor, finish: $0) }
    case .planApply(let apply, let id):
      line = worked { dispatcher.work(for: apply, id: id, by: peer.actor, finish: $0) }
    case .write(let write, let id): line = written(write, id)
    case .watch(let watch, _): line = Array("the story does not watch \(watch)".utf8)
    }
    let reply = try JSON(parsing: try #require(line))
    return try #require(reply["result"] ?? reply["error"])
  }
}

extension WireEndpoint {
  /// The reply that comes of a worker's steps.
  private func worked(_ begin: (@escaping Dispatcher.Finish) -> Work) -> [UInt8]? {
    let reply = Mutex<[UInt8]?>(nil)
    Self.run(begin { line in reply.withLock { $0 = line } })
    return reply.withLock { $0 }
  }

  private static func run(_ work: Work) {
    var rest: Work? = work
    while let step = rest { rest = step.step() }
  }

  /// The reply to a change, which comes from the commit stage's thread.
  private func written(_ write: WriteRequest, _ id: JSON?) -> [UInt8]? {
    let reply = Mutex<[UInt8]?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    dispatcher.submit(
      write, id: id, by: peer.actor, from: ObjectIdentifier(dispatcher.registry), bytes: 0, run: { Self.run($0) }
    ) { line, _ in
      reply.withLock { $0 = line }
      isDone.signal()
    }
    isDone.wait()
    return reply.withLock { $0 }
  }
}

/// Sends lines to a daemon in another process.
private final class SocketEndpoint: Endpoint {
  private let daemon: RunningDaemon
  private let client: LineClient

  init(in scratch: Scratch) throws {
    daemon = try RunningDaemon(in: scratch)
    client = try daemon.connect()
  }

  func ask(_ method: String, _ params: JSON) throws -> JSON { try client.call(method, params) }
}

@Suite("One series of requests at three layers", .timeLimit(.minutes(10)))
struct StoryTests {
  private static let ipvs: JSON = [
    "enabled": true, "mode": "IPVS",
    "ipvsConfig": [
      "scheduler": "LeastConnection", "tcpTimeoutSeconds": 900, "tcpFinTimeoutSeconds": 120, "udpTimeoutSeconds": 300,
    ],
  ]

  /// The requests of the story in order.
  private static let story: [(method: String, params: JSON)] = [
    ("cluster.create", cluster("web", ["config": ipvs])),
    ("feature.register", ["namespace": "Microsoft.ContainerService", "name": "KubeProxyConfigurationPreview"]),
    ("cluster.create", cluster("web", ["config": ipvs])),
    ("provider.register", ["namespace": "Microsoft.ContainerService"]),
    ("extension.set", ["name": "aks-preview"]),
    ("cluster.create", cluster("web", ["config": ipvs, "facts": ["kubernetesVersion": "1.34", "nodeCount": 3]])),
    ("cluster.create", cluster("WEB", ["config": ipvs])),
    ("cluster.update", cluster("web", ["config": mode("NFTABLES"), "dryRun": true])),
    ("cluster.update", cluster("web", ["config": mode("NFTABLES"), "ifRevision": 1, "message": "faster"])),
    ("cluster.update", cluster("web", ["config": mode("NFTABLES")])),
    ("cluster.update", cluster("web", ["config": mode("IPTABLES"), "ifRevision": 1])),
    ("cluster.create", cluster("legacy", ["facts": ["networkPolicy": "azure"]])),
    ("cluster.update", cluster("legacy", ["config": ipvs])),
    ("cluster.update", cluster("legacy", ["config": ipvs, "override": ["POL-01"], "message": "test only"])),
    ("cluster.diff", cluster()),
    ("cluster.rollback", cluster("web", ["toRevision": 9])),
    ("cluster.rollback", cluster()),
    ("cluster.history", cluster()),
    ("cluster.delete", cluster("legacy")),
    ("cluster.get", cluster("legacy")),
    ("cluster.get", cluster("legacy", ["revision": 2])),
    ("report.get", ["seq": 6]),
  ]

  @Test("each request is answered as expected", arguments: Layer.allCases)
  func plot(layer: Layer) throws {
    let scratch = try Scratch()
    let endpoint = try layer.endpoint(in: scratch)
    let answers = try withExtendedLifetime(scratch) { try Self.story.map { try endpoint.ask($0.method, $0.params) } }
    func kind(_ index: Int) -> String? { answers[index]["data"]?["kind"]?.stringValue }

    #expect(kind(0) == "prerequisite")
    #expect(answers[1]["feature"]?["state"] == "Registered")
    #expect(answers[1]["feature"]?["propagated"] == false)
    #expect(kind(2) == "prerequisite")
    #expect(answers[3]["provider"]?["state"] == "Registered")
    #expect(answers[5]["revision"] == 1)
    #expect(answers[5]["cluster"]?["config"]?.text == Self.ipvs.text)
    #expect(kind(6) == "already-exists")
    #expect(answers[7]["seq"] == .null)
    #expect(answers[7]["report"]?["planDigest"] != nil)
    #expect(answers[8]["revision"] == 2)
    #expect(answers[8]["report"]?["verdict"] == "high")
    #expect(answers[9]["seq"] == .null)
    #expect(answers[9]["report"]?["verdict"] == "none")
    #expect(kind(10) == "conflict")
    #expect(kind(12) == "blocked")
    #expect(answers[13]["report"]?["overridden"] == ["POL-01"])
    #expect(answers[14]["diff"]?.arrayValue?.count == 5)
    #expect(kind(15) == "not-found")
    #expect(answers[16]["revision"] == 3)
    #expect(answers[16]["cluster"]?["config"]?.text == Self.ipvs.text)
    #expect(
      answers[17]["items"]?.arrayValue?.compactMap { $0["origin"]?.stringValue } == ["rollback", "update", "create"])
    #expect(answers[17]["items"]?.arrayValue?.first?["restores"] == 1)
    #expect(answers[18]["cluster"]?["deleted"] == true)
    #expect(kind(19) == "not-found")
    #expect(answers[20]["revision"] == 2)
    #expect(answers[21]["summary"] == answers[5]["report"]?["summary"])
  }

  @Test("all layers give the same answers, except for actors and times")
  func layersAgree() throws {
    let transcripts = try Layer.allCases.map { layer in
      // The ledger is in the folder, which is removed after the last use of this value.
      let scratch = try Scratch()
      let endpoint = try layer.endpoint(in: scratch)
      return try withExtendedLifetime(scratch) {
        try Self.story.map { try endpoint.ask($0.method, $0.params).withoutWhoAndWhen.text }
      }
    }
    for (service, others) in zip(transcripts[0], zip(transcripts[1], transcripts[2])) {
      #expect(service == others.0)
      #expect(service == others.1)
    }
  }
}

extension JSON {
  /// Members that differ each time: who asked, and how the WAL looks at that moment.
  private static let masks: [String: JSON] = ["actor": "ACTOR", "wal": "WAL"]

  /// The value with every time and actor replaced by a word, for comparing the answers of two runs.
  var withoutWhoAndWhen: JSON {
    switch self {
    case .string(let text):
      // Every time ends in Z, and few other strings have one: searching them all took 6 s more for a transcript of 1.5 MB.
      guard text.utf8.contains(UInt8(ascii: "Z")) else { return self }
      return .string(
        text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z by \w+/, with: "TIME by NAME").replacing(
          /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, with: "TIME"))
    case .array(let items): return .array(items.map(\.withoutWhoAndWhen))
    case .object(let object):
      return .object(
        JSONObject(
          object.members.map {
            .init(key: $0.key, value: Self.masks[$0.key] ?? $0.value.withoutWhoAndWhen)
          }))
    case .null, .bool, .integer, .number: return self
    }
  }
}
