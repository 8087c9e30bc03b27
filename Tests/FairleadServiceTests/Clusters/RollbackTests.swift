// `cluster.rollback`: an earlier configuration as a new revision, always forward.

import ExactJSON
import Testing

@Suite("Rolling back")
struct RollbackTests {
  let bench: RegistryFixture

  /// web: 1 IPTABLES, 2 IPVS, 3 NFTABLES.
  init() throws {
    bench = try .ready()
    try bench.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"message":"try IPVS"}"#, as: .bob)
    try bench.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
  }

  @Test("By default it brings the previous revision back, as a new one that says which it restores")
  func previous() throws {
    let answer = try bench.call("cluster.rollback", "rg/web")
    #expect(answer.int("revision") == 4)
    #expect(answer.string("cluster.config.mode") == "IPVS")
    let newest = try bench.call("cluster.history", "rg/web").at("items.0")
    #expect(newest?.string("origin") == "rollback")
    #expect(newest?.int("restores") == 2)
    #expect(newest?.int("baseRevision") == 3)
  }

  @Test("Its note names who recorded the revision, when, and why")
  func note() throws {
    let note = try bench.call("cluster.rollback", "rg/web").string("report.notes.0") ?? ""
    #expect(note == "Restores revision 2, recorded 2026-11-18T11:06:40.000Z by bob: try IPVS")
  }

  @Test("It goes to the revision that is named, and leaves facts and labels as they are")
  func named() throws {
    try bench.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":3},"labels":{"a":"1"}}"#)
    let answer = try bench.call("cluster.rollback", "rg/web", #"{"toRevision":1}"#)
    #expect(answer.string("cluster.config.mode") == "IPTABLES")
    #expect(answer.int("cluster.facts.nodeCount") == 3)
    #expect(answer.string("cluster.labels.a") == "1")
  }

  @Test("Two in a row go there and back, since each is a new revision")
  func twice() throws {
    try bench.call("cluster.rollback", "rg/web")
    let answer = try bench.call("cluster.rollback", "rg/web")
    #expect(answer.int("revision") == 5)
    #expect(answer.string("cluster.config.mode") == "NFTABLES")
  }

  @Test("To the configuration that is in force, it records nothing")
  func same() throws {
    let answer = try bench.call("cluster.rollback", "rg/web", #"{"toRevision":3}"#)
    #expect(answer["seq"] == .null)
    #expect(answer.int("revision") == 3)
    #expect(bench.head == 7)
  }

  @Test("It is judged and gated like an update")
  func judged() throws {
    try bench.call("cluster.update", "rg/web", #"{"facts":{"networkPolicy":"azure"}}"#)
    #expect(try bench.refuse("cluster.rollback", "rg/web").kind == "blocked")
    try bench.call("feature.unregister", RegistryFixture.feature)
    #expect(try bench.refuse("cluster.rollback", "rg/web", #"{"toRevision":1}"#).kind == "prerequisite")
    try bench.call("feature.register", RegistryFixture.feature)
    try bench.call("provider.register", RegistryFixture.provider)
    let old = try bench.refuse("cluster.rollback", "rg/web", #"{"toRevision":1,"apiVersion":"2022-01-02-preview"}"#)
    #expect(old.string("data.azureCode") == "NoRegisteredProviderFound")
    #expect(try bench.call("cluster.rollback", "rg/web", #"{"toRevision":1}"#).rules.contains("RST-01"))
  }

  @Test("A deleted cluster comes back with the configuration, facts and labels that it had")
  func deleted() throws {
    try bench.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":3},"labels":{"a":"1"}}"#)
    try bench.call("cluster.delete", "rg/web")
    let answer = try bench.call("cluster.rollback", "rg/web")
    #expect(answer.int("revision") == 5)
    #expect(answer.string("cluster.config.mode") == "NFTABLES")
    #expect(answer.int("cluster.facts.nodeCount") == 3)
    #expect(answer.string("cluster.createdAt") == "2026-11-18T11:06:40.000Z")
    #expect(answer.at("cluster.deleted") == nil)
    #expect(try bench.call("cluster.list").items("items").count == 1)
  }

  @Test("A deleted cluster comes back even where its last configuration has no text")
  func deletedEmpty() throws {
    try bench.call("cluster.create", "rg/api")
    try bench.call("cluster.delete", "rg/api")
    #expect(try bench.call("cluster.rollback", "rg/api").int("revision") == 3)
  }

  @Test("To a tombstone there is no way back: that would be a delete")
  func tombstone() throws {
    try bench.call("cluster.delete", "rg/web")
    try bench.call("cluster.rollback", "rg/web")
    let error = try bench.refuse("cluster.rollback", "rg/web", #"{"toRevision":4}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "toRevision")
    #expect(error.message.contains("revision 4") && error.message.contains("delete"))
  }

  @Test("A cluster that was deleted and created again has the tombstone before its first revision")
  func afterRecreation() throws {
    try bench.call("cluster.delete", "rg/web")
    try bench.call("cluster.create", "rg/web")
    #expect(try bench.refuse("cluster.rollback", "rg/web").kind == "invalid-params")
    #expect(try bench.call("cluster.rollback", "rg/web", #"{"toRevision":2}"#).int("revision") == 6)
  }

  @Test(
    "A revision that never was is not found, and the message says which there are",
    arguments: [4, 99, Int.max])
  func neverWas(revision: Int) throws {
    let error = try bench.refuse("cluster.rollback", "rg/web", "{\"toRevision\":\(revision)}")
    #expect(error.kind == "not-found")
    #expect(error.message.contains("revisions 1 to 3"))
  }

  @Test("With one revision there is nothing to go back to")
  func only() throws {
    try bench.call("cluster.create", "rg/api")
    let error = try bench.refuse("cluster.rollback", "rg/api")
    #expect(error.kind == "not-found")
    #expect(error.message.contains("only revision 1"))
  }

  @Test("A cluster that never was is not found")
  func noCluster() throws {
    #expect(try bench.refuse("cluster.rollback", "rg/api").kind == "not-found")
    #expect(try bench.refuse("cluster.rollback", "rg/api", #"{"toRevision":1}"#).kind == "not-found")
  }
}
