// `ifRevision` and `ifSeq`: a request is refused if the cluster has changed since.

import ExactJSON
import Testing

@Suite("Guards")
struct GuardTests {
  let fixture: RegistryFixture
  /// The change that took `rg/web` to revision 2, and the change of its facts, which moved it last.
  let configured, moved: Int

  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web")
    configured = try fixture.record("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    moved = try fixture.record("cluster.update", "rg/web", #"{"facts":{"nodeCount":3}}"#)
  }

  /// Every request that takes a guarded cluster.
  static let requests = ["cluster.update", "cluster.rollback", "cluster.delete"]

  private func params(_ method: String, _ guards: String) -> String {
    method == "cluster.update" ? "{\"config\":{},\(guards)}" : "{\(guards)}"
  }

  @Test("A request with the current revision and the last change as guards is recorded", arguments: requests)
  func holds(method: String) throws {
    let answer = try fixture.call(method, "rg/web", params(method, "\"ifRevision\":2,\"ifSeq\":\(moved)"))
    #expect(answer.int("revision") == 3)
  }

  @Test("Another revision is a conflict, with the expected and the actual revision", arguments: requests)
  func revisionMoved(method: String) throws {
    let error = try fixture.refuse(method, "rg/web", params(method, #""ifRevision":1"#))
    #expect(error.kind == "conflict")
    #expect(error.string("data.path") == "ifRevision")
    #expect(error.int("data.expected") == 1)
    #expect(error.int("data.actual") == 2)
    #expect(error.message.contains("rg/web"))
  }

  @Test("A change of facts makes ifSeq stale and not ifRevision", arguments: requests)
  func seqMoved(method: String) throws {
    let error = try fixture.refuse(method, "rg/web", params(method, "\"ifRevision\":2,\"ifSeq\":\(configured)"))
    #expect(error.kind == "conflict")
    #expect(error.string("data.path") == "ifSeq")
    #expect(error.int("data.actual") == moved)
  }

  @Test("An ifRevision of 0 is refused by every method but create", arguments: requests)
  func zero(method: String) throws {
    let error = try fixture.refuse(method, "rg/web", params(method, #""ifRevision":0"#))
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "ifRevision")
  }

  @Test("The guards of a dry run are checked as well")
  func dryRun() throws {
    #expect(try fixture.refuse("cluster.delete", "rg/web", #"{"ifRevision":1,"dryRun":true}"#).kind == "conflict")
  }

  @Test("Create takes an ifRevision of 0 and no other")
  func create() throws {
    #expect(try fixture.refuse("cluster.create", "rg/api", #"{"ifRevision":1}"#).kind == "invalid-params")
    #expect(try fixture.call("cluster.create", "rg/api", #"{"ifRevision":0,"ifSeq":0}"#).int("revision") == 1)
    #expect(try fixture.refuse("cluster.create", "rg/api", #"{"ifRevision":0}"#).kind == "already-exists")
  }

  @Test("After a delete, create takes ifRevision 0 and the delete's seq as ifSeq")
  func createAgain() throws {
    let deleted = try fixture.record("cluster.delete", "rg/web")
    #expect(try fixture.refuse("cluster.create", "rg/web", #"{"ifRevision":3}"#).kind == "invalid-params")
    #expect(try fixture.refuse("cluster.create", "rg/web", #"{"ifSeq":0}"#).int("data.actual") == deleted)
    #expect(
      try fixture.call("cluster.create", "rg/web", "{\"ifRevision\":0,\"ifSeq\":\(deleted)}").int("revision") == 4)
  }

  @Test("A rollback of a deleted cluster is guarded by its tombstone")
  func rollbackDeleted() throws {
    let deleted = try fixture.record("cluster.delete", "rg/web")
    #expect(try fixture.refuse("cluster.rollback", "rg/web", #"{"ifRevision":2}"#).int("data.actual") == 3)
    #expect(
      try fixture.call("cluster.rollback", "rg/web", "{\"ifRevision\":3,\"ifSeq\":\(deleted)}").int("revision") == 4)
  }

  @Test(
    "Registrations and extensions take ifSeq, which is 0 before their first change",
    arguments: [
      ("feature.register", "Microsoft.Compute/Fast"), ("feature.unregister", "Microsoft.Compute/Fast"),
      ("provider.register", "Microsoft.Compute"), ("provider.unregister", "Microsoft.Compute"),
      ("extension.set", "aks-preview"),
    ])
  func registrations(method: String, subject: String) throws {
    let error = try fixture.refuse(method, subject, #"{"ifSeq":3}"#)
    #expect(error.kind == "conflict")
    #expect(error.int("data.actual") == 0)
    try fixture.call(method, subject, #"{"ifSeq":0}"#)
  }

  @Test("A registration's ifSeq is the change that settled it")
  func settledSeq() throws {
    let (requested, settled) = (
      try fixture.lastSeq(of: "provider.register"), try fixture.lastSeq(of: "provider.settle")
    )
    let stale = try fixture.refuse("provider.unregister", RegistryFixture.provider, "{\"ifSeq\":\(requested)}")
    #expect(stale.int("data.actual") == settled)
    try fixture.record("provider.unregister", RegistryFixture.provider, "{\"ifSeq\":\(settled)}")
  }

  @Test(
    "Registrations and extensions refuse ifRevision, since they have no revisions",
    arguments: [
      ("feature.register", RegistryFixture.feature), ("provider.register", RegistryFixture.provider),
      ("extension.set", "aks-preview"),
    ])
  func noRevisions(method: String, subject: String) throws {
    let error = try fixture.refuse(method, subject, #"{"ifRevision":1}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "ifRevision")
    #expect(error.message.contains("ifSeq"))
  }
}
