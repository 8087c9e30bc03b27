// Groups: requests that become durable together stand or fall alone, and nobody hears of anything before it is on disk.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import FairleadWire
import Foundation
import Synchronization
import Testing

@Suite("Groups of changes")
struct GroupTests {
  let bench: RegistryFixture

  init() throws { bench = try .ready() }

  /// Holds the writer up, so that what is submitted meanwhile stands in its queue together.
  private final class Gate: Sendable {
    private let isOpen = DispatchSemaphore(value: 0)
    private let isHeld = DispatchSemaphore(value: 0)

    init(_ registry: Registry) {
      let ticket = WriteTicket(.settle, by: .system, arrival: registry.clocks) { [isOpen, isHeld] _ in
        isHeld.signal()
        isOpen.wait()
      }
      registry.submit(ticket)
      isHeld.wait()
    }

    func open() { isOpen.signal() }
  }

  /// What came of each of several requests, in their order.
  private final class Outcomes: Sendable {
    private let results = Mutex<[Int: Result<WriteOutcome, Refusal>]>([:])
    private let group = DispatchGroup()

    func submit(_ requests: [WriteRequest], to registry: Registry, arrival: Clocks? = nil) {
      for (number, request) in requests.enumerated() {
        group.enter()
        registry.submit(
          WriteTicket(request, by: .alice, arrival: arrival ?? registry.clocks) { result in
            self.results.withLock { $0[number] = result }
            self.group.leave()
          })
      }
    }

    /// Each as the number of its change, or the kind of its error.
    func words() -> [String] {
      group.wait()
      return results.withLock { results in
        results.sorted { $0.key < $1.key }.map { _, result in
          switch result {
          case .success(.change(let outcome)): outcome.seq.map(String.init) ?? "nothing"
          case .success: "done"
          case .failure(let refusal): ErrorCode(refusal.reason).rawValue
          }
        }
      }
    }
  }

  private func request(_ method: String, _ params: String) throws -> WriteRequest {
    guard
      case .change(let request, let options) = try Method.named(method).call(JSON(parsing: params).objectValue ?? [:])
    else { throw Refusal(.invalidRequest, "cannot use \(method) here") }
    return .change(request, options)
  }

  private func create(_ name: String, _ more: String = "") throws -> WriteRequest {
    try request("cluster.create", #"{"resourceGroup":"rg","name":"\#(name)"\#(more)}"#)
  }

  /// Change 5: a cluster whose next revision stands in the file already, and the log knows nothing of it. So the rows of its
  /// update are not taken.
  private func createTorn() throws {
    try bench.call("cluster.create", "rg/torn")
    try execute(
      bench.path,
      "INSERT INTO revision SELECT cluster_key, 2, 1, 'update', config, NULL, seq FROM revision WHERE cluster_key LIKE '%torn'"
    )
  }

  private func updateTorn() throws -> WriteRequest {
    try request("cluster.update", #"{"resourceGroup":"rg","name":"torn","config":{"mode":"IPVS"}}"#)
  }

  @Test("one that is refused leaves the others of its group as they are")
  func alone() throws {
    let gate = Gate(bench.registry)
    let outcomes = Outcomes()
    outcomes.submit(
      [
        try create("a"), try create("a"), try create("b", #","config":{"mode":"IPVS"}"#),
        try request("cluster.update", #"{"resourceGroup":"rg","name":"b","ifRevision":7,"labels":{"x":"1"}}"#),
        try request("cluster.update", #"{"resourceGroup":"rg","name":"b","ifRevision":1,"labels":{"x":"2"}}"#),
      ], to: bench.registry)
    gate.open()
    #expect(outcomes.words() == ["5", "already-exists", "6", "conflict", "7"])
    #expect(try bench.sql("SELECT seq FROM change WHERE seq > 4") == ["5", "6", "7"])
    #expect(try bench.call("cluster.get", "rg/b").at("labels")?.text == #"{"x":"2"}"#)
  }

  @Test("one that fails while it writes is taken back alone, and the heads go back with it")
  func takenBack() throws {
    try createTorn()
    let gate = Gate(bench.registry)
    let outcomes = Outcomes()
    outcomes.submit(
      [
        try create("a"),
        try updateTorn(),
        try create("b"),
      ], to: bench.registry)
    gate.open()
    #expect(outcomes.words() == ["6", "internal", "7"])
    #expect(bench.incidents.taken().count == 1)
    #expect(try bench.call("cluster.get", "rg/torn").int("revision") == 1)
    #expect(try bench.sql("SELECT count(*), max(seq) FROM change") == ["7|7"])
  }

  @Test("one that fails while it writes fails alone also where nobody else waits")
  func takenBackAlone() throws {
    try createTorn()
    let outcomes = Outcomes()
    outcomes.submit(
      [try updateTorn()],
      to: bench.registry)
    #expect(outcomes.words() == ["internal"])
    #expect(bench.incidents.taken().count == 1)
    #expect(try bench.call("cluster.create", "rg/next").int("seq") == 6)
  }

  @Test("what a request reads of the file holds what the requests before it in the group recorded")
  func readsItsOwnGroup() throws {
    try bench.call("cluster.create", "rg/a", #"{"config":{"mode":"IPTABLES"}}"#)
    let gate = Gate(bench.registry)
    let outcomes = Outcomes()
    let update = #"{"resourceGroup":"rg","name":"a","config":{"mode":"NFTABLES"},"requestId":"once"}"#
    outcomes.submit(
      [
        try request("cluster.update", update), try request("cluster.update", update),
        try request("cluster.update", #"{"resourceGroup":"rg","name":"a","labels":{"x":"1"},"requestId":"once"}"#),
        try request("cluster.update", #"{"resourceGroup":"rg","name":"a","config":{"mode":"IPTABLES"}}"#),
        try request("cluster.rollback", #"{"resourceGroup":"rg","name":"a","toRevision":2}"#),
      ], to: bench.registry)
    gate.open()
    #expect(outcomes.words() == ["6", "6", "request-id-reused", "7", "8"])
    #expect(try bench.call("cluster.get", "rg/a").string("effective.mode") == "NFTABLES")
  }

  @Test("many changes that are refused together leave nothing, though most of them were written by then")
  func manyTakenBack() throws {
    let many = (0..<200).map { #"{"method":"cluster.create","params":{"resourceGroup":"rg","name":"m\#($0)"}}"# }
    let again = #"{"method":"cluster.create","params":{"resourceGroup":"rg","name":"a"}}"#
    guard
      case .apply(let apply) = try Method.named("cluster.apply").call(
        JSON(parsing: #"{"atomic":true,"changes":[\#((many + [again]).joined(separator: ","))]}"#).objectValue ?? [:])
    else { throw Refusal(.invalidRequest, "this is no apply") }
    let gate = Gate(bench.registry)
    let outcomes = Outcomes()
    outcomes.submit(
      [try create("a"), .apply(apply, encode: { _ in .null }), try create("b")], to: bench.registry)
    gate.open()
    #expect(outcomes.words() == ["5", "already-exists", "6"])
    #expect(try bench.sql("SELECT count(*), max(seq) FROM change") == ["6|6"])
    #expect(try bench.sql("SELECT count(*) FROM cluster") == ["2"])
    #expect(try bench.call("cluster.create", "rg/m0").int("seq") == 7)
  }

  @Test("what was planned on a group that fails is planned again, in its order, and recorded once")
  func plannedOnAFailure() throws {
    try createTorn()
    // Whoever is in a group with the torn cluster, or planned behind it, is as many ways to meet its failure as there are
    // turns. Each name is created and then updated, so that an order that is lost is a refusal.
    let outcomes = Outcomes()
    var requests: [WriteRequest] = []
    for number in 0..<200 {
      requests.append(try create("c\(number)"))
      requests.append(
        try request(
          "cluster.update", #"{"resourceGroup":"rg","name":"c\#(number)","ifRevision":1,"config":{"mode":"IPVS"}}"#))
      if number.isMultiple(of: 10) {
        requests.append(
          try updateTorn())
      }
    }
    outcomes.submit(requests, to: bench.registry)
    let words = outcomes.words()
    #expect(words.filter { $0 == "internal" }.count == 20)
    #expect(words.compactMap { Int($0) } == Array(6...405))
    #expect(bench.incidents.taken().count == 20)
    #expect(try bench.sql("SELECT count(*), max(seq) FROM change") == ["405|405"])
    #expect(try bench.sql("SELECT count(*) FROM cluster WHERE revision = 2") == ["200"])
    #expect(try bench.call("cluster.get", "rg/c199").int("revision") == 2)
  }

  @Test("what was planned before another program wrote into the log is planned again on what it wrote")
  func plannedOnAForeignLog() throws {
    try bench.call("cluster.create", "rg/web")
    let gate = Gate(bench.registry)
    let outcomes = Outcomes()
    outcomes.submit(
      [
        try create("a"), try create("b"),
        try request("cluster.update", #"{"resourceGroup":"rg","name":"web","labels":{"a":"b"}}"#),
      ], to: bench.registry)
    try execute(
      bench.path,
      """
      INSERT INTO change (seq, at, cluster_key, actor_uid, record)
      SELECT 6, at, NULL, actor_uid, json_set(record, '$.seq', 6) FROM change WHERE seq = 1
      """)
    gate.open()
    #expect(outcomes.words() == ["7", "8", "9"])
    #expect(bench.incidents.taken().count == 1)
    #expect(try bench.sql("SELECT count(*), max(seq) FROM change") == ["9|9"])
  }

  @Test("of several that are taken back together, one whose rows are not taken is no fault of the others")
  func takenBackBesideATorn() throws {
    for name in ["torn", "a", "b"] {
      try bench.call("cluster.create", "rg/\(name)", #"{"config":{"mode":"IPTABLES"}}"#)
      try bench.call("cluster.update", "rg/\(name)", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    }
    try execute(
      bench.path,
      "INSERT INTO revision SELECT cluster_key, 3, 2, 'update', config, NULL, seq FROM revision WHERE cluster_key LIKE '%torn' AND revision = 2"
    )
    _ = try bench.takeBack(after: 61)
    // The one, and the number under which its detail is found.
    let said = bench.incidents.taken()
    #expect(said.count == 2 && said.allSatisfy { $0.contains("torn") || $0.contains("incident") }, "\(said)")
    for (name, mode) in [("a", "IPTABLES"), ("b", "IPTABLES"), ("torn", "IPVS")] {
      #expect(try bench.call("cluster.get", "rg/\(name)").string("effective.mode") == mode)
    }
  }

  @Test("past the queue's bound a change is refused as busy, with a time to come again")
  func bounded() throws {
    let gate = Gate(bench.registry)
    let outcomes = Outcomes()
    outcomes.submit(
      try (0...Limits.queuedChanges).map { try create("c\($0)") }, to: bench.registry)
    gate.open()
    let words = outcomes.words()
    #expect(words.last == "busy")
    #expect(words.dropLast().allSatisfy { Int($0) != nil })
    #expect(bench.head == 4 + Limits.queuedChanges)
  }

  @Test("what waits past the bytes of the queue is refused, but for one that stands alone")
  func boundedBytes() throws {
    let gate = Gate(bench.registry)
    let words = Mutex<[String]>([])
    let done = DispatchGroup()
    for name in ["long", "short"] {
      done.enter()
      let request = try create(name)
      bench.registry.submit(
        WriteTicket(request, by: .alice, arrival: bench.registry.clocks, bytes: Limits.queuedBytes + 1) { result in
          words.withLock { $0.append("\(name) \((try? result.get()) == nil ? "refused" : "done")") }
          done.leave()
        })
    }
    gate.open()
    done.wait()
    #expect(words.withLock { $0 } == ["short refused", "long done"])
  }

  @Test("a confirm counts from when it came in, however long it waits for its turn")
  func confirmInTime() throws {
    try bench.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    let inTime = bench.registry.clocks
    bench.clock.advance(61)
    let outcomes = Outcomes()
    outcomes.submit(
      [try request("cluster.confirm", #"{"resourceGroup":"rg","name":"web"}"#)], to: bench.registry, arrival: inTime)
    #expect(outcomes.words() == ["7"])
    #expect(try bench.takeBack() == nil)
    #expect(try bench.call("cluster.get", "rg/web").string("effective.mode") == "IPVS")
  }

  @Test("a confirm that came too late finds its change taken back")
  func confirmTooLate() throws {
    try bench.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    bench.clock.advance(61)
    let outcomes = Outcomes()
    outcomes.submit(
      [try request("cluster.confirm", #"{"resourceGroup":"rg","name":"web"}"#)], to: bench.registry)
    #expect(outcomes.words() == ["conflict"])
    #expect(try bench.call("cluster.get", "rg/web").string("effective.mode") == "IPTABLES")
  }

  @Test("a log that another program wrote into is read again before the next change")
  func foreignWriter() throws {
    try bench.call("cluster.create", "rg/web")

    try execute(
      bench.path,
      """
      INSERT INTO change (seq, at, cluster_key, actor_uid, record)
      SELECT 6, at, NULL, actor_uid, json_set(record, '$.seq', 6) FROM change WHERE seq = 1
      """)
    let answer = try ask(bench.registry, "cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    #expect(answer.int("seq") == 7)
    #expect(bench.incidents.taken().count == 1)
  }
}
