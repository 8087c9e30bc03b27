// Write batches: changes share one commit, and each succeeds or fails separately.

import ExactJSON
import FairleadModel
import FairleadService
import GRDB
import LedgerTestSupport
import Testing

@Suite("A batch of changes")
struct BatchTests {
  let fixture: RegistryFixture

  init() throws { fixture = try .ready() }

  /// A cluster whose next revision is in the file already, without a change in the log. SQLite therefore refuses the rows of its
  /// update.
  private func createTorn() throws {
    try fixture.call("cluster.create", "rg/torn")
    try execute(
      fixture.path,
      "INSERT INTO revision SELECT cluster_key, 2, 1, 'update', config, NULL, seq FROM revision WHERE cluster_key LIKE '%torn'"
    )
    fixture.endSetUp()
  }

  private func updateTorn() throws -> Submission { try .update("torn", #""config":{"mode":"IPVS"}"#) }

  /// The test's own change of this number was recorded.
  private func recorded(_ number: Int) -> Results.Result { .recorded(fixture.firstSeq + number - 1) }

  /// How many changes the test's own are, and whether they are dense to the end of the log.
  private func expectChanges(_ count: Int, at location: SourceLocation = #_sourceLocation) throws {
    let last = fixture.firstSeq + count - 1
    #expect(try fixture.sql("SELECT count(*), max(seq) FROM change") == ["\(last)|\(last)"], sourceLocation: location)
  }

  /// Submits requests while the commit stage is held, and returns their results.
  private func submitTogether(_ requests: [Submission], meanwhile: () throws -> Void = {}) throws -> [Results.Result] {
    let stage = HeldCommitStage(fixture.registry)
    let results = Results()
    results.submit(requests, to: fixture.registry)
    do {
      defer { stage.release() }
      try meanwhile()
    }
    return results.all()
  }

  private func submit(_ requests: [Submission], arrival: Clocks? = nil) -> [Results.Result] {
    let results = Results()
    results.submit(requests, to: fixture.registry, arrival: arrival)
    return results.all()
  }

  @Test("a single change waits for the apply in hand and for one more of the same sender, and not for all that it sent")
  func turns() throws {
    final class Sender {}
    let (greedy, other) = (Sender(), Sender())
    let applies = try ["a", "b", "c"].map { fleet in
      let changes = (0..<300).map {
        #"{"method":"cluster.create","params":{"resourceGroup":"rg","name":"\#(fleet)\#($0)"}}"#
      }
      return try Submission("cluster.apply", #"{"detail":"summary","changes":[\#(changes.joined(separator: ","))]}"#)
    }
    let stage = HeldCommitStage(fixture.registry)
    let results = Results()
    results.submit(applies, to: fixture.registry, from: greedy)
    results.submit([try .create("single")], to: fixture.registry, from: other)
    stage.release()
    #expect(results.all() == [recorded(300), recorded(600), recorded(901), recorded(601)])
  }

  @Test("a refused change does not affect the others of its batch")
  func alone() throws {
    let results = try submitTogether([
      try .create("a"), try .create("a"), try .create("b", #","config":{"mode":"IPVS"}"#),
      try .update("b", #""ifRevision":7,"labels":{"x":"1"}"#), try .update("b", #""ifRevision":1,"labels":{"x":"2"}"#),
    ])
    #expect(results == [recorded(1), .refused("already-exists"), recorded(2), .refused("conflict"), recorded(3)])
    try expectChanges(3)
    #expect(try fixture.call("cluster.get", "rg/b").at("labels")?.text == #"{"x":"2"}"#)
  }

  @Test("a change whose row SQLite refuses is rolled back alone, in the file and in memory")
  func rolledBack() throws {
    try createTorn()
    let results = try submitTogether([try .create("a"), try updateTorn(), try .create("b")])
    #expect(results == [recorded(1), .refused("internal"), recorded(2)])
    #expect(fixture.log.takeLines().count == 1)
    #expect(try fixture.call("cluster.get", "rg/torn").int("revision") == 1)
    try expectChanges(2)
  }

  @Test("a change whose row SQLite refuses fails alone also where no other write waits")
  func rolledBackAlone() throws {
    try createTorn()
    #expect(submit([try updateTorn()]) == [.refused("internal")])
    #expect(fixture.log.takeLines().count == 1)
    #expect(try fixture.call("cluster.create", "rg/next").seq == fixture.firstSeq)
  }

  @Test("a request reads from the file what earlier requests of its batch recorded")
  func readsItsOwnBatch() throws {
    try fixture.call("cluster.create", "rg/a", #"{"config":{"mode":"IPTABLES"}}"#)
    fixture.endSetUp()
    let update = try Submission.update("a", #""config":{"mode":"NFTABLES"},"requestId":"once""#)
    let results = try submitTogether([
      update, update, try .update("a", #""labels":{"x":"1"},"requestId":"once""#),
      try .update("a", #""config":{"mode":"IPTABLES"}"#),
      try Submission("cluster.rollback", #"{"resourceGroup":"rg","name":"a","toRevision":2}"#),
    ])
    #expect(results == [recorded(1), recorded(1), .refused("request-id-reused"), recorded(2), recorded(3)])
    #expect(try fixture.call("cluster.get", "rg/a").string("effective.mode") == "NFTABLES")
  }

  @Test("an apply that fails leaves nothing, although most of its changes were written already")
  func manyRolledBack() throws {
    let many = (0..<200).map { #"{"method":"cluster.create","params":{"resourceGroup":"rg","name":"m\#($0)"}}"# }
    let again = #"{"method":"cluster.create","params":{"resourceGroup":"rg","name":"a"}}"#
    let changes = (many + [again]).joined(separator: ",")
    let results = try submitTogether([
      try .create("a"), try Submission("cluster.apply", #"{"atomic":true,"changes":[\#(changes)]}"#), try .create("b"),
    ])
    #expect(results == [recorded(1), .refused("already-exists"), recorded(2)])
    try expectChanges(2)
    #expect(try fixture.sql("SELECT count(*) FROM cluster") == ["2"])
    #expect(try fixture.call("cluster.create", "rg/m0").seq == fixture.firstSeq + 2)
  }

  @Test("writes that were prepared on an aborted batch are prepared again in the same order, and recorded once")
  func preparedOnAnAbortedBatch() throws {
    try createTorn()
    // A write may be in a batch with the torn cluster, or prepared on such a batch, at any point. Each name is created and
    // then updated, so that a lost order would be a refusal.
    var requests: [Submission] = []
    for number in 0..<200 {
      requests.append(try .create("c\(number)"))
      requests.append(try .update("c\(number)", #""ifRevision":1,"config":{"mode":"IPVS"}"#))
      if number.isMultiple(of: 10) { requests.append(try updateTorn()) }
    }
    let results = submit(requests)
    #expect(results.filter { $0 == .refused("internal") }.count == 20)
    #expect(results.filter { $0 != .refused("internal") } == (1...400).map(recorded))
    #expect(fixture.log.takeLines().count == 20)
    try expectChanges(400)
    #expect(try fixture.sql("SELECT count(*) FROM cluster WHERE revision = 2") == ["200"])
    #expect(try fixture.call("cluster.get", "rg/c199").int("revision") == 2)
  }

  @Test("writes that were prepared before another program wrote to the log are prepared again on the new state")
  func preparedOnAStaleState() throws {
    try fixture.call("cluster.create", "rg/web")
    fixture.endSetUp()
    let requests = [try Submission.create("a"), try .create("b"), try .update("web", #""labels":{"a":"b"}"#)]
    let results = try submitTogether(requests) { try writeForeignChange() }
    #expect(results == [recorded(2), recorded(3), recorded(4)])
    #expect(fixture.log.takeLines().count == 1)
    try expectChanges(4)
  }

  @Test("the log is read again before the next change if another program wrote to it")
  func foreignWriter() throws {
    try fixture.call("cluster.create", "rg/web")
    fixture.endSetUp()
    try writeForeignChange()
    let answer = try ask(fixture.registry, "cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    #expect(answer.seq == fixture.firstSeq + 1)
    #expect(fixture.log.takeLines().count == 1)
  }

  /// Another program appends a change to the log.
  private func writeForeignChange() throws {
    try execute(
      fixture.path,
      """
      INSERT INTO change (seq, at, cluster_key, actor_uid, record)
      SELECT \(fixture.firstSeq), at, NULL, actor_uid, json_set(record, '$.seq', \(fixture.firstSeq)) FROM change
      WHERE seq = 1
      """)
  }

  @Test("of several reverts in one transaction, one whose rows SQLite refuses does not prevent the others")
  func revertedBesideATorn() throws {
    for name in ["torn", "a", "b"] {
      try fixture.call("cluster.create", "rg/\(name)", #"{"config":{"mode":"IPTABLES"}}"#)
      try fixture.call("cluster.update", "rg/\(name)", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    }
    try execute(
      fixture.path,
      "INSERT INTO revision SELECT cluster_key, 3, 2, 'update', config, NULL, seq FROM revision WHERE cluster_key LIKE '%torn' AND revision = 2"
    )
    _ = try fixture.revertDue(after: 61)
    // One for the cluster, and one with the detail under the incident's number.
    let lines = fixture.log.takeLines()
    #expect(lines.count == 2 && lines.allSatisfy { $0.contains("torn") || $0.contains("incident") }, "\(lines)")
    for (name, mode) in [("a", "IPTABLES"), ("b", "IPTABLES"), ("torn", "IPVS")] {
      #expect(try fixture.call("cluster.get", "rg/\(name)").string("effective.mode") == mode)
    }
  }

  @Test("a change past the queue's limit is refused as busy")
  func bounded() throws {
    let results = try submitTogether(try (0...Limits.queuedChanges).map { try .create("c\($0)") })
    #expect(results == (1...Limits.queuedChanges).map(recorded) + [.refused("busy")])
    try expectChanges(Limits.queuedChanges)
  }

  @Test(
    "while another program holds the write lock, every waiting change is refused as unavailable, and later ones succeed"
  )
  func held() throws {
    try fixture.call("cluster.create", "rg/web")
    fixture.endSetUp()
    let other = try DatabaseQueue(path: fixture.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      let error = #expect(throws: Refusal.self) { try ask(fixture.registry, "cluster.create", "rg/api") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains(fixture.path) == true)
      #expect(error?.message.contains("try again") == true)
      #expect(submit([try .create("a"), try .create("b")]) == [.refused("unavailable"), .refused("unavailable")])
      // The lock is a condition of health, which is logged once.
      #expect(fixture.log.takeLines().count == 1)
      #expect(try fixture.call("cluster.get", "rg/web").int("revision") == 1)
      try db.execute(sql: "ROLLBACK")
    }
    #expect(try ask(fixture.registry, "cluster.create", "rg/api").seq == fixture.firstSeq)
    #expect(fixture.log.takeLines().count == 1)
  }

  @Test("whether a confirm is in time depends on when it arrived, not on how long it waits in the queue")
  func confirmInTime() throws {
    try createArmed()
    let inTime = fixture.registry.clocks
    fixture.clock.advance(61)
    #expect(submit([try confirm()], arrival: inTime) == [recorded(1)])
    #expect(try fixture.revertDue() == nil)
    #expect(try fixture.call("cluster.get", "rg/web").string("effective.mode") == "IPVS")
  }

  @Test("a confirm that arrives after the deadline is refused, since the change is reverted")
  func confirmTooLate() throws {
    try createArmed()
    fixture.clock.advance(61)
    #expect(submit([try confirm()]) == [.refused("conflict")])
    #expect(try fixture.call("cluster.get", "rg/web").string("effective.mode") == "IPTABLES")
  }

  /// A cluster with a change that is pending for a minute.
  private func createArmed() throws {
    try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"confirmWithinSeconds":60}"#)
    fixture.endSetUp()
  }

  private func confirm() throws -> Submission {
    try Submission("cluster.confirm", #"{"resourceGroup":"rg","name":"web"}"#)
  }
}
