// Concurrent writers and readers: no update is lost, and readers see whole commits without waiting.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadWire
import Foundation
import Synchronization
import Testing

@Suite("Concurrency")
struct ConcurrencyTests {
  let fixture: RegistryFixture

  init() throws { fixture = try .ready() }

  /// Runs `body` on `count` new threads, waits for all, and throws the error of one of them.
  private func threads(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    let done = DispatchGroup()
    let failure = Mutex<(any Error)?>(nil)
    for number in 0..<count {
      done.enter()
      Thread.detachNewThread {
        do { try body(number) } catch { failure.withLock { $0 = error } }
        done.leave()
      }
    }
    done.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// A state that a reader saw and that no commit ever left.
  private struct Torn: Error { let seen: String }

  @Test("With eight writers no update is lost, and changes and revisions are numbered densely")
  func writers() throws {
    for number in 0..<4 { try fixture.call("cluster.create", "rg/c\(number)") }
    let head = fixture.lastSeq
    let registry = fixture.registry
    let seqs = Mutex<[Int]>([])
    try threads(8) { thread in
      for number in 0..<50 {
        let seconds = thread * 100 + number + 1
        let answer = try ask(
          registry, "cluster.update", "rg/c\(number % 4)",
          """
          {"config":{"mode":"IPVS","ipvsConfig":{"udpTimeoutSeconds":\(seconds)}},\
          "labels":{"t\(thread)-\(number / 8)":"x"},"requestId":"\(thread)-\(number)"}
          """)
        seqs.withLock { $0.append(answer.seq ?? 0) }
      }
    }
    #expect(seqs.withLock { $0.sorted() } == Array(head + 1...head + 400))
    #expect(fixture.lastSeq == head + 400)
    #expect(
      try fixture.sql("SELECT max(revision), count(*) FROM revision GROUP BY cluster_key").allSatisfy {
        $0.split(separator: "|").first == $0.split(separator: "|").last
      })
    #expect(
      try fixture.sql("SELECT (SELECT count(*) FROM json_each(labels)) FROM cluster ORDER BY name")
        == ["56", "56", "48", "48"])
    #expect(try fixture.sql("SELECT count(*), count(DISTINCT config) FROM revision WHERE revision > 1") == ["400|400"])
  }

  @Test("Of writers with the same guard one succeeds, and the others get a conflict")
  func compareAndSwap() throws {
    let created = try fixture.record("cluster.create", "rg/web")
    let registry = fixture.registry
    let outcomes = Mutex<[String]>([])
    try threads(8) { thread in
      do {
        let answer = try ask(
          registry, "cluster.update", "rg/web", "{\"labels\":{\"winner\":\"\(thread)\"},\"ifSeq\":\(created)}")
        outcomes.withLock { $0.append("won \(answer.seq ?? 0)") }
      } catch let refusal as Refusal {
        outcomes.withLock { $0.append(refusal.wireJSON.kind ?? "") }
      }
    }
    #expect(outcomes.withLock { $0.sorted() } == Array(repeating: "conflict", count: 7) + ["won \(created + 1)"])
  }

  @Test("A request that many writers send with one idempotency key is recorded once, and all get its answer")
  func oneKey() throws {
    let head = fixture.lastSeq
    let registry = fixture.registry
    let answers = Mutex<[String]>([])
    try threads(8) { _ in
      let answer = try ask(registry, "cluster.create", "rg/web", #"{"requestId":"once"}"#).text
      answers.withLock { $0.append(answer) }
    }
    #expect(answers.withLock { Set($0).count } == 1)
    #expect(fixture.lastSeq == head + 1)
  }

  @Test("Readers see only whole commits, and never an older state than before")
  func readers() throws {
    let created = try fixture.record("cluster.create", "rg/web", #"{"labels":{"n":"0"},"facts":{"nodeCount":0}}"#)
    let registry = fixture.registry
    let isDone = Atomic(false)
    let reads = Mutex(0)
    try threads(4) { thread in
      if thread == 0 {
        for number in 1...100 {
          _ = try ask(
            registry, "cluster.update", "rg/web",
            "{\"labels\":{\"n\":\"\(number)\"},\"facts\":{\"nodeCount\":\(number)}}")
        }
        isDone.store(true, ordering: .sequentiallyConsistent)
        return
      }
      var last = 0
      repeat {
        let cluster = try ask(registry, "cluster.get", "rg/web")
        let count = cluster.int("facts.nodeCount") ?? -1
        // A later read finds the change in the log.
        let report = try ask(registry, "report.get", nil, "{\"seq\":\(created + count)}")
        guard cluster.string("labels.n") == "\(count)", cluster.int("updatedSeq") == created + count,
          report.seq == created + count, count >= last
        else { throw Torn(seen: "\(cluster.text) after \(last)") }
        last = count
        reads.withLock { $0 += 1 }
      } while !isDone.load(ordering: .sequentiallyConsistent)
    }
    #expect(reads.withLock { $0 } >= 3)
    #expect(try fixture.call("cluster.get", "rg/web").string("labels.n") == "100")
  }

  @Test("Each due registration step is recorded once while other writers are at work")
  func settler() throws {
    try fixture.reopen(settle: 1)
    let registry = fixture.registry
    let clock = fixture.clock
    try threads(4) { thread in
      for number in 0..<10 {
        if thread == 0 {
          clock.advance(1)
          _ = try registry.settleDue()
        } else {
          _ = try ask(registry, "feature.register", "Microsoft.Compute/F\(thread)-\(number)")
        }
      }
    }
    try fixture.settle(after: 10)
    #expect(
      try fixture.sql(
        """
        SELECT count(*), count(DISTINCT json_extract(record, '$.params.requestedSeq')) FROM change
        WHERE json_extract(record, '$.method') = 'feature.settle' AND seq >= \(fixture.firstSeq)
        """) == ["30|30"])
    #expect(try fixture.sql("SELECT DISTINCT state FROM feature") == ["Registered"])
  }
}
