// The warm-up: it never replaces a newer state in memory, and continues until every cluster is loaded.

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

  /// The answer from memory; `nil` where the file would have to be read, and for a cluster that is nowhere.
  private func inMemory(_ name: String) throws -> JSON? {
    try fixture.registry.loadedClusterText(ClusterKey(resourceGroup: "rg", name: name)).map { try JSON(parsing: $0) }
  }

  // MARK: Steps

  @Test("loads the clusters step by step, and after the last step all are in memory")
  func steps() throws {
    for loaded in 1...5 {
      #expect(fixture.registry.loadedClusters == loaded)
      #expect(try Self.names.allSatisfy { try inMemory($0) == nil })
      // The last step finds that nothing is left.
      #expect(try fixture.registry.continueWarmup() == (loaded < 5))
    }
    #expect(fixture.registry.loadedClusters == nil)
    for name in Self.names { #expect(try inMemory(name)?.string("name") == name) }
    #expect(try inMemory("nobody") == nil)
    #expect(try !fixture.registry.continueWarmup())
  }

  @Test("needs no step where there are few clusters")
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

  // MARK: During changes

  @Test("keeps a change that was recorded after its cluster was read, and that is in memory at once")
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
    "keeps a delete after its cluster was read, and clusters that were created before and after the warm-up's position")
  func createdAndDeleted() throws {
    #expect(try fixture.registry.continueWarmup())
    try fixture.call("cluster.delete", "rg/b")
    for name in ["aa", "dd"] { try fixture.call("cluster.create", "rg/\(name)") }
    try fixture.finishWarmup()
    #expect(throws: Refusal.self) { try inMemory("b") }
    #expect(try fixture.refuse("cluster.get", "rg/b").kind == "not-found")
    for name in ["a", "aa", "c", "d", "dd", "e"] { #expect(try inMemory(name) != nil) }
  }

  @Test("a refused request does not affect the loaded clusters")
  func refusedRequest() throws {
    try fixture.finishWarmup()
    #expect(throws: Refusal.self) {
      try ask(fixture.registry, "cluster.update", "rg/b", #"{"labels":{"a":"b"},"ifRevision":7}"#)
    }
    #expect(fixture.registry.loadedClusters == nil)
    #expect(try inMemory("b")?.int("revision") == 1)
  }

  @Test("begins again if another program wrote to the log, and discards what was read before")
  func foreignWriter() throws {
    #expect(try fixture.registry.continueWarmup())
    let head = fixture.lastSeq
    try execute(
      fixture.path, Self.foreignChange(head + 1) + #"UPDATE cluster SET labels = '{"by":"hand"}' WHERE name = 'b'"#)
    #expect(try ask(fixture.registry, "cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#).seq == head + 2)
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

  // MARK: During other work

  @Test("does not count towards the queue's limit: a full queue accepts its barrier, and refuses no change for it")
  func fullQueue() throws {
    let registry = fixture.registry
    let stage = HeldCommitStage(registry)
    let results = Results()
    results.submit(try (0..<Limits.queuedChanges).map { try .create("c\($0)") }, to: registry)
    let head = fixture.lastSeq
    let seen = Mutex<Int?>(nil)
    #expect(registry.pipeline.runExclusively { seen.withLock { $0 = registry.lastSeq } })
    stage.release()
    #expect(results.all() == (1...Limits.queuedChanges).map { .recorded(head + $0) })
    // The barrier runs before the next batch, and not after all waiting writes.
    #expect(seen.withLock { $0 } == head)
  }

  @Test("continues while another program holds the write lock, also while a change waits for it")
  func locked() throws {
    let other = try DatabaseQueue(path: fixture.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      #expect(try fixture.registry.continueWarmup())
      let results = Results()
      let next = fixture.lastSeq + 1
      results.submit([try .create("held")], to: fixture.registry)
      try fixture.finishWarmup()
      #expect(fixture.registry.loadedClusters == nil)
      try db.execute(sql: "ROLLBACK")
      // The change waited for the database before the last chunk, or got its turn after the database was released.
      #expect([[.recorded(next)], [.refused("unavailable")]].contains(results.all()))
    }
    for name in Self.names { #expect(try inMemory(name)?.int("revision") == 1) }
  }

  @Test("a malformed row stops changes, delays the warm-up, and keeps nothing else from being read")
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
    // That no changes are taken, and the incident of the read.
    #expect(fixture.log.takeLines().count == 2)
    #expect(try fixture.call("cluster.get", "rg/d").int("revision") == 1)
    let refusal = try fixture.refuse("cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#)
    #expect(refusal.kind == "unavailable")
    #expect(
      refusal.message.contains("the row of default/rg/c in the table cluster: its confirm_deadline is not a time"))
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
    try execute(fixture.path, Self.foreignChange(fixture.lastSeq + 1))
    _ = try ask(fixture.registry, "cluster.update", "rg/e", #"{"labels":{"a":"b"}}"#)
    while fixture.registry.loadedClusters != nil {}
    for name in Self.names { #expect(try inMemory(name) != nil) }
    fixture.registry.stop()
  }

  @Test("ends with the registry while a commit is in progress")
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
    // Requests that come now end as well, and the file can be opened again.
    try fixture.finishWarmup()
    try fixture.reopen()
    for name in Self.names { #expect(try fixture.call("cluster.get", "rg/\(name)").int("revision") == 1) }
  }
}
