// Loading behind a start: what memory takes up is never older than what it has, and nothing stops it but the end.

import ExactJSON
import FairleadModel
import FairleadStore
import FairleadWire
import Foundation
import GRDB
import Synchronization
import Testing

@testable import FairleadService

@Suite("Loading clusters behind a start")
struct LoadingTests {
  let bench: RegistryFixture

  /// Clusters a to e, of which a is loaded.
  init() throws {
    bench = try .ready()
    for name in Self.names { try bench.call("cluster.create", "rg/\(name)") }
    bench.loading = .byHand(atOnce: 1)
    try bench.reopen()
  }

  private static let names = ["a", "b", "c", "d", "e"]

  /// What memory answers, without a look into the file; `nil` where it takes one.
  private func inMemory(_ name: String) throws -> JSON? {
    try bench.registry.loadedClusterText(ClusterKey(resourceGroup: "rg", name: name)).map { try JSON(parsing: $0) }
  }

  /// Holds the writer up inside of a group.
  private final class Gate: Sendable {
    private let isOpen = DispatchSemaphore(value: 0)
    private let isHeld = DispatchSemaphore(value: 0)

    init(_ registry: Registry) {
      registry.submit(
        WriteTicket(.settle, by: .system, arrival: registry.clocks) { [isOpen, isHeld] _ in
          isHeld.signal()
          isOpen.wait()
        })
      isHeld.wait()
    }

    func open() { isOpen.signal() }
  }

  private func create(_ name: String, _ answer: @escaping @Sendable (Result<WriteOutcome, Refusal>) -> Void)
    -> WriteTicket
  {
    WriteTicket(
      .change(
        .createCluster(ClusterKey(resourceGroup: "new", name: name), ClusterPatch()), ChangeOptions()),
      by: .alice, arrival: bench.registry.clocks, answer: answer)
  }

  // MARK: Steps

  @Test("goes through the clusters step by step, and with the last step all are in memory")
  func steps() throws {
    for loaded in 1...5 {
      #expect(bench.registry.loadedClusters == loaded)
      #expect(try Self.names.allSatisfy { try inMemory($0) == nil })
      // The last step finds that nothing is left.
      #expect(try bench.registry.loadMore() == (loaded < 5))
    }
    #expect(bench.registry.loadedClusters == nil)
    for name in Self.names { #expect(try inMemory(name)?.string("name") == name) }
    #expect(throws: Refusal.self) { try inMemory("nobody") }
    #expect(try !bench.registry.loadMore())
  }

  @Test("needs no step where the clusters are few")
  func small() throws {
    bench.loading = .behind(atOnce: 6)
    try bench.reopen()
    #expect(bench.registry.loadedClusters == nil)
  }

  @Test("writes nothing to the file")
  func writesNothing() throws {
    let before = [bytes(bench.path), bytes(bench.path + "-wal")]
    try bench.load()
    #expect(bench.registry.loadedClusters == nil)
    #expect([bytes(bench.path), bytes(bench.path + "-wal")] == before)
  }

  // MARK: Beside changes

  @Test("keeps a change that came after its cluster was read, which is in memory at once")
  func newer() throws {
    #expect(try bench.registry.loadMore())
    try bench.call("cluster.update", "rg/b", #"{"labels":{"a":"b"}}"#)
    #expect(try inMemory("b")?.at("labels")?.text == #"{"a":"b"}"#)
    #expect(try inMemory("a") == nil)
    try bench.load()
    #expect(try inMemory("b")?.at("labels")?.text == #"{"a":"b"}"#)
    #expect(try inMemory("a")?.int("revision") == 1)
  }

  @Test(
    "keeps a delete that came after its cluster was read, and what was created before and behind the place where it is")
  func createdAndDeleted() throws {
    #expect(try bench.registry.loadMore())
    try bench.call("cluster.delete", "rg/b")
    for name in ["aa", "dd"] { try bench.call("cluster.create", "rg/\(name)") }
    try bench.load()
    #expect(throws: Refusal.self) { try inMemory("b") }
    #expect(try bench.refuse("cluster.get", "rg/b").kind == "not-found")
    for name in ["a", "aa", "c", "d", "dd", "e"] { #expect(try inMemory(name) != nil) }
  }

  @Test("a request that is refused or taken back leaves what was loaded")
  func takenBack() throws {
    try bench.load()
    #expect(throws: Refusal.self) {
      try ask(bench.registry, "cluster.update", "rg/b", #"{"labels":{"a":"b"},"ifRevision":7}"#)
    }
    #expect(bench.registry.loadedClusters == nil)
    #expect(try inMemory("b")?.int("revision") == 1)
  }

  @Test("begins again where another program wrote into the log, and leaves what was read before")
  func foreignWriter() throws {
    #expect(try bench.registry.loadMore())
    let head = bench.head
    try execute(
      bench.path, Self.foreignChange(head + 1) + #"UPDATE cluster SET labels = '{"by":"hand"}' WHERE name = 'b'"#)
    #expect(try ask(bench.registry, "cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#).int("seq") == head + 2)
    #expect(bench.incidents.taken().count == 1)
    #expect(try inMemory("b") == nil)
    #expect(try bench.call("cluster.get", "rg/b").at("labels")?.text == #"{"by":"hand"}"#)
    try bench.load()
    #expect(try inMemory("b")?.at("labels")?.text == #"{"by":"hand"}"#)
    #expect(try inMemory("e")?.at("labels")?.text == #"{"a":"b"}"#)
  }

  private static func foreignChange(_ seq: Int) -> String {
    """
    INSERT INTO change (seq, at, cluster_key, actor_uid, record)
    SELECT \(seq), at, NULL, actor_uid, json_set(record, '$.seq', \(seq)) FROM change WHERE seq = 1;
    """
  }

  // MARK: Beside other work

  @Test("takes no room from changes: a full queue takes it, and refuses none of them")
  func fullQueue() throws {
    let gate = Gate(bench.registry)
    let answers = Mutex<[Bool]>([])
    let done = DispatchGroup()
    for number in 0..<Limits.queuedChanges {
      done.enter()
      bench.registry.submit(
        create("c\(number)") { result in
          answers.withLock { $0.append((try? result.get()) != nil) }
          done.leave()
        })
    }
    let head = bench.head
    let seen = Mutex<Int?>(nil)
    let registry = bench.registry
    let isTaken = registry.writer.betweenGroups({ seen.withLock { $0 = registry.head } }, registry)
    #expect(isTaken)
    gate.open()
    done.wait()
    #expect(answers.withLock { $0 } == Array(repeating: true, count: Limits.queuedChanges))
    // Before the next group, and not behind all that wait.
    #expect(seen.withLock { $0 } == head)
  }

  @Test("goes on while another program holds the database, also beside a change that waits for it")
  func locked() throws {
    let other = try DatabaseQueue(path: bench.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(try bench.registry.loadMore())
      let answer = Mutex("")
      let isAnswered = DispatchSemaphore(value: 0)
      bench.registry.submit(
        create("held") { result in
          answer.withLock { answer in
            switch result {
            case .success: answer = "recorded"
            case .failure(let refusal): answer = refusal.wireJSON.kind ?? ""
            }
          }
          isAnswered.signal()
        })
      try bench.load()
      #expect(bench.registry.loadedClusters == nil)
      try db.execute(sql: "ROLLBACK")
      isAnswered.wait()
      // The change waited for the database before the last step, or its turn came once the database was let go.
      #expect(["unavailable", "recorded"].contains(answer.withLock { $0 }))
    }
    for name in Self.names { #expect(try inMemory(name)?.int("revision") == 1) }
  }

  @Test("a row that does not read as a cluster holds up nothing but the loading, which goes on once it does")
  func unreadable() throws {
    try bench.call("cluster.update", "rg/c", #"{"config":{"mode":"IPVS"}}"#)
    try bench.close()
    try execute(
      bench.path,
      """
      UPDATE cluster SET confirm_seq = updated_seq, confirm_revision = 2, confirm_restores = 1, confirm_deadline = 'soon'
      WHERE name = 'c'
      """)
    try bench.open()
    let error = #expect(throws: LedgerError.self) { try bench.load() }
    #expect(error?.reason == .corrupt)
    #expect(bench.registry.loadedClusters == 2)
    #expect(throws: Refusal.self) { try ask(bench.registry, "cluster.get", "rg/c") }
    #expect(bench.incidents.taken().count == 1)
    #expect(try bench.call("cluster.get", "rg/d").int("revision") == 1)
    #expect(try bench.call("cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#).int("seq") == bench.head)
    try execute(
      bench.path,
      """
      UPDATE cluster SET confirm_seq = NULL, confirm_revision = NULL, confirm_restores = NULL, confirm_deadline = NULL
      """)
    try bench.load()
    #expect(try inMemory("c")?.int("revision") == 2)
  }

  // MARK: The thread that does it

  @Test("runs by itself once it is started, also after another program wrote into the log")
  func byItself() throws {
    bench.loading = .behind(atOnce: 1)
    try bench.reopen()
    #expect(bench.registry.loadedClusters == 1)
    bench.registry.startLoading()
    while bench.registry.loadedClusters != nil {}
    try execute(bench.path, Self.foreignChange(bench.head + 1))
    _ = try ask(bench.registry, "cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#)
    while bench.registry.loadedClusters != nil {}
    for name in Self.names { #expect(try inMemory(name) != nil) }
    bench.registry.stop()
  }

  @Test("ends with the registry while the writer is busy")
  func stopped() throws {
    bench.loading = .behind(atOnce: 1)
    try bench.reopen()
    let gate = Gate(bench.registry)
    bench.registry.startLoading()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [registry = bench.registry] in
      registry.stop()
      done.signal()
    }
    gate.open()
    done.wait()
    // What is asked for now comes to an end as well, and the file is free.
    try bench.load()
    try bench.reopen()
    for name in Self.names { #expect(try bench.call("cluster.get", "rg/\(name)").int("revision") == 1) }
  }

  @Test("takes a step that failed again, says so once, and ends in the middle of its pause")
  func retries() throws {
    let loader = HeadsLoader(pause: { _ in .milliseconds(1) })
    struct Broken: Error {}
    let steps = Mutex(0)
    let failures = Mutex(0)
    let isDone = DispatchSemaphore(value: 0)
    loader.run {
      let step = steps.withLock { steps in
        steps += 1
        return steps
      }
      if [1, 2, 4].contains(step) { throw Broken() }
      if step == 5 { isDone.signal() }
      return step < 5
    } failed: { _ in
      failures.withLock { $0 += 1 }
    }
    isDone.wait()
    loader.stop()
    #expect(steps.withLock { $0 } == 5)
    #expect(failures.withLock { $0 } == 2)

    let patient = HeadsLoader(pause: { _ in .seconds(3600) })
    let hasFailed = DispatchSemaphore(value: 0)
    patient.run {
      throw Broken()
    } failed: { _ in
      hasFailed.signal()
    }
    hasFailed.wait()
    patient.stop()
  }
}
