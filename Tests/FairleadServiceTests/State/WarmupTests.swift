// The warm-up: nothing that it merges is older than what memory has, and nothing but the end stops it.

import ExactJSON
import FairleadModel
import FairleadStore
import FairleadWire
import Foundation
import GRDB
import LedgerTestSupport
import Synchronization
import Testing

@testable import FairleadService

@Suite("The warm-up")
struct WarmupTests {
  let fixture: RegistryFixture

  /// Clusters a to e, of which a is loaded.
  init() throws {
    fixture = try .ready()
    for name in Self.names { try fixture.call("cluster.create", "rg/\(name)") }
    fixture.warmup = .manual(chunk: 1)
    try fixture.reopen()
  }

  private static let names = ["a", "b", "c", "d", "e"]

  /// What memory answers, without a look into the file; `nil` where it takes one.
  private func inMemory(_ name: String) throws -> JSON? {
    try fixture.registry.loadedClusterText(ClusterKey(resourceGroup: "rg", name: name)).map { try JSON(parsing: $0) }
  }

  // MARK: Steps

  @Test("goes through the clusters step by step, and with the last step all are in memory")
  func steps() throws {
    for loaded in 1...5 {
      #expect(fixture.registry.loadedClusters == loaded)
      #expect(try Self.names.allSatisfy { try inMemory($0) == nil })
      // The last step finds that nothing is left.
      #expect(try fixture.registry.continueWarmup() == (loaded < 5))
    }
    #expect(fixture.registry.loadedClusters == nil)
    for name in Self.names { #expect(try inMemory(name)?.string("name") == name) }
    #expect(throws: Refusal.self) { try inMemory("nobody") }
    #expect(try !fixture.registry.continueWarmup())
  }

  @Test("needs no step where the clusters are few")
  func small() throws {
    fixture.warmup = .background(chunk: 6)
    try fixture.reopen()
    #expect(fixture.registry.loadedClusters == nil)
  }

  @Test("writes nothing to the file")
  func writesNothing() throws {
    let before = [bytes(fixture.path), bytes(fixture.path + "-wal")]
    try fixture.finishWarmup()
    #expect(fixture.registry.loadedClusters == nil)
    #expect([bytes(fixture.path), bytes(fixture.path + "-wal")] == before)
  }

  // MARK: Beside changes

  @Test("keeps a change that came after its cluster was read, which is in memory at once")
  func newer() throws {
    #expect(try fixture.registry.continueWarmup())
    try fixture.call("cluster.update", "rg/b", #"{"labels":{"a":"b"}}"#)
    #expect(try inMemory("b")?.at("labels")?.text == #"{"a":"b"}"#)
    #expect(try inMemory("a") == nil)
    try fixture.finishWarmup()
    #expect(try inMemory("b")?.at("labels")?.text == #"{"a":"b"}"#)
    #expect(try inMemory("a")?.int("revision") == 1)
  }

  @Test(
    "keeps a delete that came after its cluster was read, and what was created before and behind the place where it is")
  func createdAndDeleted() throws {
    #expect(try fixture.registry.continueWarmup())
    try fixture.call("cluster.delete", "rg/b")
    for name in ["aa", "dd"] { try fixture.call("cluster.create", "rg/\(name)") }
    try fixture.finishWarmup()
    #expect(throws: Refusal.self) { try inMemory("b") }
    #expect(try fixture.refuse("cluster.get", "rg/b").kind == "not-found")
    for name in ["a", "aa", "c", "d", "dd", "e"] { #expect(try inMemory(name) != nil) }
  }

  @Test("a request that is refused or taken back leaves what was loaded")
  func takenBack() throws {
    try fixture.finishWarmup()
    #expect(throws: Refusal.self) {
      try ask(fixture.registry, "cluster.update", "rg/b", #"{"labels":{"a":"b"},"ifRevision":7}"#)
    }
    #expect(fixture.registry.loadedClusters == nil)
    #expect(try inMemory("b")?.int("revision") == 1)
  }

  @Test("begins again where another program wrote into the log, and leaves what was read before")
  func foreignWriter() throws {
    #expect(try fixture.registry.continueWarmup())
    let head = fixture.head
    try execute(
      fixture.path, Self.foreignChange(head + 1) + #"UPDATE cluster SET labels = '{"by":"hand"}' WHERE name = 'b'"#)
    #expect(try ask(fixture.registry, "cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#).int("seq") == head + 2)
    #expect(fixture.log.takeLines().count == 1)
    #expect(try inMemory("b") == nil)
    #expect(try fixture.call("cluster.get", "rg/b").at("labels")?.text == #"{"by":"hand"}"#)
    try fixture.finishWarmup()
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

  @Test("takes no room from changes: a full queue takes its barrier, and refuses none of them")
  func fullQueue() throws {
    let registry = fixture.registry
    let stage = HeldCommitStage(registry)
    let results = Results()
    results.submit(try (0..<Limits.queuedChanges).map { try .create("c\($0)") }, to: registry)
    let head = fixture.head
    let seen = Mutex<Int?>(nil)
    #expect(registry.pipeline.runExclusively { seen.withLock { $0 = registry.head } })
    stage.release()
    #expect(results.all() == (1...Limits.queuedChanges).map { .recorded(head + $0) })
    // Before the next batch, and not after everything that waits.
    #expect(seen.withLock { $0 } == head)
  }

  @Test("goes on while another program holds the database, also beside a change that waits for it")
  func locked() throws {
    let other = try DatabaseQueue(path: fixture.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(try fixture.registry.continueWarmup())
      let results = Results()
      let next = fixture.head + 1
      results.submit([try .create("held")], to: fixture.registry)
      try fixture.finishWarmup()
      #expect(fixture.registry.loadedClusters == nil)
      try db.execute(sql: "ROLLBACK")
      // The change waited for the database before the last chunk, or got its turn after the database was released.
      #expect([[.recorded(next)], [.refused("unavailable")]].contains(results.all()))
    }
    for name in Self.names { #expect(try inMemory(name)?.int("revision") == 1) }
  }

  @Test("a row that does not read as a cluster holds up nothing but the loading, which goes on once it does")
  func unreadable() throws {
    try fixture.call("cluster.update", "rg/c", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.close()
    try execute(
      fixture.path,
      """
      UPDATE cluster SET confirm_seq = updated_seq, confirm_revision = 2, confirm_restores = 1, confirm_deadline = 'soon'
      WHERE name = 'c'
      """)
    try fixture.open()
    let error = #expect(throws: LedgerError.self) { try fixture.finishWarmup() }
    #expect(error?.reason == .corrupt)
    #expect(fixture.registry.loadedClusters == 2)
    #expect(throws: Refusal.self) { try ask(fixture.registry, "cluster.get", "rg/c") }
    #expect(fixture.log.takeLines().count == 1)
    #expect(try fixture.call("cluster.get", "rg/d").int("revision") == 1)
    #expect(try fixture.call("cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#).int("seq") == fixture.head)
    try execute(
      fixture.path,
      """
      UPDATE cluster SET confirm_seq = NULL, confirm_revision = NULL, confirm_restores = NULL, confirm_deadline = NULL
      """)
    try fixture.finishWarmup()
    #expect(try inMemory("c")?.int("revision") == 2)
  }

  // MARK: The thread that does it

  @Test("runs by itself once it is started, also after another program wrote into the log")
  func byItself() throws {
    fixture.warmup = .background(chunk: 1)
    try fixture.reopen()
    #expect(fixture.registry.loadedClusters == 1)
    fixture.registry.startWarmup()
    while fixture.registry.loadedClusters != nil {}
    try execute(fixture.path, Self.foreignChange(fixture.head + 1))
    _ = try ask(fixture.registry, "cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#)
    while fixture.registry.loadedClusters != nil {}
    for name in Self.names { #expect(try inMemory(name) != nil) }
    fixture.registry.stop()
  }

  @Test("ends with the registry while the writer is busy")
  func stopped() throws {
    fixture.warmup = .background(chunk: 1)
    try fixture.reopen()
    let stage = HeldCommitStage(fixture.registry)
    fixture.registry.startWarmup()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [registry = fixture.registry] in
      registry.stop()
      done.signal()
    }
    stage.release()
    done.wait()
    // What is asked for now comes to an end as well, and the file is free.
    try fixture.finishWarmup()
    try fixture.reopen()
    for name in Self.names { #expect(try fixture.call("cluster.get", "rg/\(name)").int("revision") == 1) }
  }
}
