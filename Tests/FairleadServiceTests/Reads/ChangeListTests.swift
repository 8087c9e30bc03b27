// `change.get`, `change.list` and `report.get`: the log as clients read it.

import ExactJSON
import Testing

@Suite("The log")
struct ChangeListTests {
  let fixture: RegistryFixture
  /// The changes of two clusters and an extension, in their order; `webDeleted` is the last one in the log.
  let web, api, webUpdated, extensionSet, webDeleted: Int

  init() throws {
    fixture = try .ready()
    web = try fixture.record("cluster.create", "rg/web")
    api = try fixture.record("cluster.create", "rg/api", #"{"message":"the back end"}"#, as: .bob)
    webUpdated = try fixture.record("cluster.update", "RG/WEB", #"{"config":{"mode":"IPVS"}}"#)
    extensionSet = try fixture.record("extension.set", "aks-preview")
    webDeleted = try fixture.record("cluster.delete", "rg/web")
  }

  private func seqs(_ params: String) throws -> (seqs: [Int?], after: Int?) {
    let page = try fixture.call("change.list", nil, params)
    return (page.items("items").map { $0.seq }, page.int("after"))
  }

  @Test("Changes are listed in order, dense from 1, the daemon's settles included")
  func order() throws {
    #expect(try seqs("{}") == ([1, 2, 3, 4, 5, 6, 7, 8, 9], nil))
  }

  @Test("The list is read in pages, after any number")
  func pages() throws {
    #expect(try seqs(#"{"limit":4}"#) == ([1, 2, 3, 4], 4))
    #expect(
      try seqs("{\"limit\":4,\"after\":\(web - 1)}") == ([web, api, webUpdated, extensionSet], extensionSet))
    #expect(try seqs("{\"limit\":4,\"after\":\(extensionSet)}") == ([webDeleted], nil))
    #expect(try seqs("{\"after\":\(webDeleted)}") == ([], nil))
  }

  @Test("A cursor beyond the end of the log is refused, with and without a filter, and the message has the last number")
  func beyondTheEnd() throws {
    for filter in ["", #","kind":"extension""#, #","resourceGroup":"rg","name":"web""#] {
      let error = try fixture.refuse("change.list", nil, "{\"after\":\(webDeleted + 1)\(filter)}")
      #expect(error.kind == "invalid-params")
      #expect(error.string("data.path") == "after")
      #expect(
        error.message == "cannot list what comes after change \(webDeleted + 1): the last one is \(webDeleted)")
    }
    let empty = try RegistryFixture().refuse("change.list", nil, #"{"after":1}"#)
    #expect(empty.message == "cannot list what comes after change 1: there is none yet")
  }

  @Test("The list can be filtered by kind")
  func kinds() throws {
    #expect(try seqs(#"{"kind":"cluster"}"#).seqs == [web, api, webUpdated, webDeleted])
    for kind in ["feature", "provider"] {
      let registration = [try fixture.lastSeq(of: "\(kind).register"), try fixture.lastSeq(of: "\(kind).settle")]
      #expect(try seqs("{\"kind\":\"\(kind)\"}").seqs == registration)
    }
    #expect(try seqs(#"{"kind":"extension"}"#).seqs == [extensionSet])
    #expect(try fixture.refuse("change.list", nil, #"{"kind":"clusters"}"#).string("data.nearest") == "cluster")
  }

  @Test("Several kinds are listed together in order, and in pages")
  func severalKinds() throws {
    #expect(try seqs(#"{"kinds":["cluster"]}"#).seqs == [web, api, webUpdated, webDeleted])
    let both = #""kinds":["extension","cluster"]"#
    #expect(try seqs("{\(both)}").seqs == [web, api, webUpdated, extensionSet, webDeleted])
    #expect(try seqs("{\(both),\"limit\":3}") == ([web, api, webUpdated], webUpdated))
    #expect(try seqs("{\(both),\"limit\":3,\"after\":\(webUpdated)}") == ([extensionSet, webDeleted], nil))
    #expect(try seqs(#"{"kinds":["cluster","feature","provider","extension"]}"#).seqs == seqs("{}").seqs)
  }

  @Test("The list can be filtered by cluster without regard to case, also by a deleted one")
  func clusters() throws {
    #expect(try seqs(#"{"resourceGroup":"Rg","name":"Web"}"#).seqs == [web, webUpdated, webDeleted])
    #expect(
      try seqs(#"{"resourceGroup":"rg","name":"web","limit":2,"after":\#(web)}"#) == ([webUpdated, webDeleted], nil))
    #expect(try seqs(#"{"resourceGroup":"rg","name":"web","kind":"provider"}"#).seqs.isEmpty)
    #expect(try seqs(#"{"resourceGroup":"rg","name":"web","subscription":"blue"}"#).seqs.isEmpty)
  }

  @Test("Half a cluster's name is refused")
  func halfAName() throws {
    #expect(try fixture.refuse("change.list", nil, #"{"resourceGroup":"rg"}"#).string("data.path") == "name")
  }

  @Test("A change has actor, time, message, request and report")
  func change() throws {
    #expect(
      try fixture.call("change.get", nil, "{\"seq\":\(api)}").text
        == #"{"seq":\#(api),"at":"2026-11-18T11:06:40.000Z","method":"cluster.create","kind":"cluster","#
        + #""subject":"rg/api","revision":1,"actor":{"uid":1001,"gid":1001,"pid":5353,"name":"bob"},"message":"the back end","#
        + #""verdict":"low","summary":"create rg/api: AKS's defaults (1 unknown)","overridden":[]}"#)
  }

  @Test("report.get gives the report of the change's answer byte for byte")
  func report() throws {
    let answer = try fixture.call("cluster.update", "rg/api", #"{"config":{"mode":"NFTABLES"}}"#)
    let params = "{\"seq\":\(try #require(answer.seq))}"
    let report = try fixture.call("report.get", nil, params)
    #expect(report.text == answer["report"]?.text)
    try fixture.reopen()
    #expect(try fixture.call("report.get", nil, params).text == report.text)
  }

  @Test(
    "A number past the last change is not found, and the message has the last one",
    arguments: ["change.get", "report.get"])
  func pastTheEnd(method: String) throws {
    let error = try fixture.refuse(method, nil, "{\"seq\":\(webDeleted + 1)}")
    #expect(error.kind == "not-found")
    #expect(error.message.contains("the last one is \(webDeleted)"))
  }
}
