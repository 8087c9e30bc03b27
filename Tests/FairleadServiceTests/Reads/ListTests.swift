// `cluster.list`: the clusters that exist, filtered, page by page.

import ExactJSON
import FairleadModel
import Testing

@Suite("Listing clusters")
struct ListTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try RegistryFixture()
    for (subject, labels) in [
      ("Prod/web", #"{"tier":"front","team/name":"a.b"}"#), ("prod/API", #"{"tier":"back"}"#), ("PROD/Job", "{}"),
      ("test/web", #"{"tier":"front"}"#), ("blue/prod/web", #"{"tier":"front"}"#), ("test/old", "{}"),
    ] {
      try fixture.call("cluster.create", subject, "{\"labels\":\(labels)}")
    }
    try fixture.call("cluster.delete", "test/old")
  }

  private func names(_ params: String = "{}") throws -> [String] {
    try fixture.call("cluster.list", nil, params).items("items").map {
      [$0.string("subscription"), $0.string("resourceGroup"), $0.string("name")].compactMap { $0 }
        .joined(separator: "/")
    }
  }

  @Test("Clusters are listed by name without regard to case, without deleted ones")
  func order() throws {
    #expect(try names() == ["blue/prod/web", "prod/API", "PROD/Job", "Prod/web", "test/web"])
  }

  @Test("They are filtered by subscription and resource group without regard to case")
  func scopes() throws {
    #expect(try names(#"{"resourceGroup":"PROD"}"#) == ["blue/prod/web", "prod/API", "PROD/Job", "Prod/web"])
    #expect(try names(#"{"subscription":"Default","resourceGroup":"prod"}"#) == ["prod/API", "PROD/Job", "Prod/web"])
    #expect(try names(#"{"subscription":"BLUE"}"#) == ["blue/prod/web"])
    #expect(try names(#"{"resourceGroup":"pro%"}"#).isEmpty)
  }

  @Test("They are filtered by all of the given labels, with regard to case")
  func labels() throws {
    #expect(try names(#"{"labels":{"tier":"front"}}"#) == ["blue/prod/web", "Prod/web", "test/web"])
    #expect(try names(#"{"labels":{"tier":"front","team/name":"a.b"}}"#) == ["Prod/web"])
    #expect(try names(#"{"labels":{"tier":"FRONT"}}"#).isEmpty)
    #expect(try names(#"{"labels":{"Tier":"front"}}"#).isEmpty)
    #expect(try names(#"{"labels":{}}"#).count == 5)
  }

  @Test("A filter with more labels than a cluster may have is refused", arguments: [65, 5000])
  func manyLabels(count: Int) throws {
    let labels = (1...count).map { #""l\#($0)":"x""# }.joined(separator: ",")
    let refusal = #expect(throws: Refusal.self) { try names("{\"labels\":{\(labels)}}") }
    #expect(refusal?.reason == .invalidParams(path: "labels"))
  }

  @Test("Over all pages each cluster is listed once, in the same order", arguments: 1...6)
  func pages(limit: Int) throws {
    var seen: [String] = []
    var cursor: String?
    var pages = 0
    repeat {
      let after = cursor.map { ",\"after\":\"\($0)\"" } ?? ""
      let page = try fixture.call("cluster.list", nil, "{\"limit\":\(limit)\(after)}")
      #expect(page.items("items").count <= limit)
      seen += page.items("items").compactMap { item in
        item.string("resourceGroup").map { "\($0)/\(item.string("name") ?? "")" }
      }
      cursor = page.string("after")
      pages += 1
    } while cursor != nil && pages < 10
    #expect(seen == ["prod/web", "prod/API", "PROD/Job", "Prod/web", "test/web"])
    #expect(pages == (5 + limit - 1) / limit)
  }

  @Test("A cursor stays valid when clusters are created and deleted between two pages")
  func moving() throws {
    let first = try fixture.call("cluster.list", nil, #"{"limit":2}"#)
    try fixture.call("cluster.delete", "prod/api")
    try fixture.call("cluster.create", "aaa/first")
    let rest = try fixture.call("cluster.list", nil, "{\"after\":\"\(first.string("after") ?? "")\"}")
    #expect(rest.items("items").map { $0.string("name") } == ["Job", "web", "web"])
  }

  @Test("A page size outside the protocol's limits is refused", arguments: [0, -1, 1001])
  func limits(limit: Int) throws {
    let error = try fixture.refuse("cluster.list", nil, "{\"limit\":\(limit)}")
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "limit")
  }
}
