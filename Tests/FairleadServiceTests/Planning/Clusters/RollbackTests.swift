// `cluster.rollback`: an earlier configuration as a new revision, always forward.

import ExactJSON
import Testing

@Suite("Rolling back")
struct RollbackTests {
  let fixture: RegistryFixture

  /// web: 1 IPTABLES, 2 IPVS, 3 NFTABLES.
  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"message":"try IPVS"}"#, as: .bob)
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
  }

  @Test("Without a target it restores the previous revision as a new one, which says which it restores")
  func previous() throws {
    let answer = try fixture.call("cluster.rollback", "rg/web")
    #expect(answer.int("revision") == 4)
    #expect(answer.string("cluster.config.mode") == "IPVS")
    let newest = try fixture.call("cluster.history", "rg/web").at("items.0")
    #expect(newest?.string("origin") == "rollback")
    #expect(newest?.int("restores") == 2)
    #expect(newest?.int("baseRevision") == 3)
  }

  @Test("Its note names who recorded the revision, when, and why")
  func note() throws {
    let note = try fixture.call("cluster.rollback", "rg/web").string("report.notes.0") ?? ""
    #expect(note == "Restores revision 2, recorded 2026-11-18T11:06:40.000Z by bob: try IPVS")
  }

  @Test("It restores the named revision, and leaves facts and labels as they are")
  func named() throws {
    try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":3},"labels":{"a":"1"}}"#)
    let answer = try fixture.call("cluster.rollback", "rg/web", #"{"toRevision":1}"#)
    #expect(answer.string("cluster.config.mode") == "IPTABLES")
    #expect(answer.int("cluster.facts.nodeCount") == 3)
    #expect(answer.string("cluster.labels.a") == "1")
  }

  @Test("Two rollbacks in a row restore the configuration before the first, since each is a new revision")
  func twice() throws {
    try fixture.call("cluster.rollback", "rg/web")
    let answer = try fixture.call("cluster.rollback", "rg/web")
    #expect(answer.int("revision") == 5)
    #expect(answer.string("cluster.config.mode") == "NFTABLES")
  }

  @Test("A rollback to the current configuration records nothing")
  func same() throws {
    let head = fixture.lastSeq
    let answer = try fixture.call("cluster.rollback", "rg/web", #"{"toRevision":3}"#)
    #expect(answer["seq"] == .null)
    #expect(answer.int("revision") == 3)
    #expect(fixture.lastSeq == head)
  }

  @Test("A rollback is judged and gated like an update")
  func judged() throws {
    try fixture.call("cluster.update", "rg/web", #"{"facts":{"networkPolicy":"azure"}}"#)
    #expect(try fixture.refuse("cluster.rollback", "rg/web").kind == "blocked")
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try fixture.refuse("cluster.rollback", "rg/web", #"{"toRevision":1}"#).kind == "prerequisite")
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    let old = try fixture.refuse("cluster.rollback", "rg/web", #"{"toRevision":1,"apiVersion":"2022-01-02-preview"}"#)
    #expect(old.string("data.azureCode") == "NoRegisteredProviderFound")
    #expect(try fixture.call("cluster.rollback", "rg/web", #"{"toRevision":1}"#).rules.contains("RST-01"))
  }

  @Test("A deleted cluster is restored with its configuration, facts and labels")
  func deleted() throws {
    try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":3},"labels":{"a":"1"}}"#)
    try fixture.call("cluster.delete", "rg/web")
    let answer = try fixture.call("cluster.rollback", "rg/web")
    #expect(answer.int("revision") == 5)
    #expect(answer.string("cluster.config.mode") == "NFTABLES")
    #expect(answer.int("cluster.facts.nodeCount") == 3)
    #expect(answer.string("cluster.createdAt") == "2026-11-18T11:06:40.000Z")
    #expect(answer.at("cluster.deleted") == nil)
    #expect(try fixture.call("cluster.list").items("items").count == 1)
  }

  @Test("A deleted cluster whose last configuration is empty is restored too")
  func deletedEmpty() throws {
    try fixture.call("cluster.create", "rg/api")
    try fixture.call("cluster.delete", "rg/api")
    #expect(try fixture.call("cluster.rollback", "rg/api").int("revision") == 3)
  }

  @Test("A rollback to a tombstone is refused, since it would be a delete")
  func tombstone() throws {
    try fixture.call("cluster.delete", "rg/web")
    try fixture.call("cluster.rollback", "rg/web")
    let error = try fixture.refuse("cluster.rollback", "rg/web", #"{"toRevision":4}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "toRevision")
    #expect(error.message.contains("revision 4") && error.message.contains("delete"))
  }

  @Test("A cluster that was deleted and created again has the tombstone before its first revision")
  func afterRecreation() throws {
    try fixture.call("cluster.delete", "rg/web")
    try fixture.call("cluster.create", "rg/web")
    #expect(try fixture.refuse("cluster.rollback", "rg/web").kind == "invalid-params")
    #expect(try fixture.call("cluster.rollback", "rg/web", #"{"toRevision":2}"#).int("revision") == 6)
  }

  @Test(
    "A revision that does not exist is not found, and the message says which exist",
    arguments: [4, 99, Int.max])
  func neverWas(revision: Int) throws {
    let error = try fixture.refuse("cluster.rollback", "rg/web", "{\"toRevision\":\(revision)}")
    #expect(error.kind == "not-found")
    #expect(error.message.contains("revisions 1 to 3"))
  }

  @Test("A cluster with one revision has no previous one, and the rollback is refused")
  func only() throws {
    try fixture.call("cluster.create", "rg/api")
    let error = try fixture.refuse("cluster.rollback", "rg/api")
    #expect(error.kind == "not-found")
    #expect(error.message.contains("only revision 1"))
  }

  @Test("A cluster that never existed is not found")
  func noCluster() throws {
    #expect(try fixture.refuse("cluster.rollback", "rg/api").kind == "not-found")
    #expect(try fixture.refuse("cluster.rollback", "rg/api", #"{"toRevision":1}"#).kind == "not-found")
  }
}
