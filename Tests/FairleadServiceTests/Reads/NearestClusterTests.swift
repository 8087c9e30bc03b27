// A cluster that does not exist is refused with the one that may be meant.

import ExactJSON
import Testing

@Suite("The cluster that may be meant")
struct NearestClusterTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try .ready()
    for key in ["Prod-RG/Web", "Prod-RG/api", "other/billing", "blue/other/ledger"] {
      try fixture.call("cluster.create", key)
    }
    try fixture.call("cluster.create", "Prod-RG/gone")
    try fixture.call("cluster.delete", "Prod-RG/gone")
  }

  @Test(
    "is named by every method that needs a cluster",
    arguments: [
      "cluster.get", "cluster.history", "cluster.diff", "cluster.update", "cluster.rollback", "cluster.delete",
      "cluster.confirm",
    ])
  func everyMethod(method: String) throws {
    let error = try fixture.refuse(method, "prod-rg/wbe")
    #expect(error.kind == "not-found")
    #expect(error.string("data.nearest") == "Prod-RG/Web")
    #expect(error.string("data.azureCode") == "ResourceNotFound")
    #expect(error.string("message")?.hasSuffix("there is no such cluster; did you mean 'Prod-RG/Web'?") == true)
  }

  @Test(
    "is one of nearly this name in the group, or one of this name in another group or subscription",
    arguments: [
      ("Prod-RG/webb", "Prod-RG/Web"), ("prod/web", "Prod-RG/Web"), ("Prod-RG/billing", "other/billing"),
      ("other/ledger", "blue/other/ledger"), ("Prod-RG/zzzzzz", nil), ("Prod-RG/gonne", nil), ("other/wbe", nil),
    ] as [(String, String?)])
  func candidates(subject: String, guess: String?) throws {
    let error = try fixture.refuse("cluster.get", subject)
    #expect(error.string("data.nearest") == guess)
    #expect(error.string("message")?.contains("cluster.list shows those that exist") == (guess == nil))
  }

  @Test("A deleted cluster is what was meant, and a create means a new one")
  func others() throws {
    #expect(try fixture.refuse("cluster.get", "Prod-RG/gone").string("data.nearest") == nil)
    try fixture.record("cluster.create", "Prod-RG/wbe")
  }

  @Test("An apply does not look for any: it may be of thousands")
  func apply() throws {
    let error = try fixture.refuse(
      "cluster.apply", nil,
      #"{"changes":[{"method":"cluster.delete","params":{"resourceGroup":"Prod-RG","name":"wbe"}}]}"#)
    #expect(error.string("data.nearest") == nil)
  }

  @Test("is looked for among a thousand clusters, and in no larger fleet")
  func bound() throws {
    for index in 0..<1019 { try fixture.call("cluster.create", "many/c\(index)") }
    #expect(try fixture.refuse("cluster.get", "Prod-RG/wbe").string("data.nearest") == "Prod-RG/Web")
    try fixture.call("cluster.create", "many/last")
    #expect(try fixture.refuse("cluster.get", "Prod-RG/wbe").string("data.nearest") == nil)
  }
}
