// `change.get`, `change.list` and `report.get`: the log as clients read it.

import ExactJSON
import Testing

@Suite("The log")
struct ChangeListTests {
  let fixture: RegistryFixture

  /// 1-4 registrations, 5 web, 6 api, 7 web, 8 extension, 9 web deleted.
  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web")
    try fixture.call("cluster.create", "rg/api", #"{"message":"the back end"}"#, as: .bob)
    try fixture.call("cluster.update", "RG/WEB", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.call("extension.set", "aks-preview")
    try fixture.call("cluster.delete", "rg/web")
  }

  private func seqs(_ params: String) throws -> (seqs: [Int?], after: Int?) {
    let page = try fixture.call("change.list", nil, params)
    return (page.items("items").map { $0.int("seq") }, page.int("after"))
  }

  @Test("Changes are listed in order, dense from 1, the daemon's settles included")
  func order() throws {
    #expect(try seqs("{}") == ([1, 2, 3, 4, 5, 6, 7, 8, 9], nil))
  }

  @Test("The list is read in pages, after any number")
  func pages() throws {
    #expect(try seqs(#"{"limit":4}"#) == ([1, 2, 3, 4], 4))
    #expect(try seqs(#"{"limit":4,"after":4}"#) == ([5, 6, 7, 8], 8))
    #expect(try seqs(#"{"limit":4,"after":8}"#) == ([9], nil))
    #expect(try seqs(#"{"after":9}"#) == ([], nil))
    #expect(try seqs(#"{"after":1000}"#) == ([], nil))
  }

  @Test("The list can be filtered by kind")
  func kinds() throws {
    #expect(try seqs(#"{"kind":"cluster"}"#).seqs == [5, 6, 7, 9])
    #expect(try seqs(#"{"kind":"feature"}"#).seqs == [1, 2])
    #expect(try seqs(#"{"kind":"provider"}"#).seqs == [3, 4])
    #expect(try seqs(#"{"kind":"extension"}"#).seqs == [8])
    #expect(try fixture.refuse("change.list", nil, #"{"kind":"clusters"}"#).string("data.nearest") == "cluster")
  }

  @Test("The list can be filtered by cluster without regard to case, also by a deleted one")
  func clusters() throws {
    #expect(try seqs(#"{"resourceGroup":"Rg","name":"Web"}"#).seqs == [5, 7, 9])
    #expect(try seqs(#"{"resourceGroup":"rg","name":"web","limit":2,"after":5}"#) == ([7, 9], nil))
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
      try fixture.call("change.get", nil, #"{"seq":6}"#).text
        == #"{"seq":6,"at":"2026-11-18T11:06:40.000Z","method":"cluster.create","kind":"cluster","subject":"rg/api","#
        + #""revision":1,"actor":{"uid":1001,"gid":1001,"pid":5353,"name":"bob"},"message":"the back end","#
        + #""verdict":"low","summary":"create rg/api: AKS's defaults (1 unknown)","overridden":[]}"#)
  }

  @Test("report.get gives the report of the change's answer byte for byte")
  func report() throws {
    let answer = try fixture.call("cluster.update", "rg/api", #"{"config":{"mode":"NFTABLES"}}"#)
    let report = try fixture.call("report.get", nil, "{\"seq\":\(answer.int("seq") ?? 0)}")
    #expect(report.text == answer["report"]?.text)
    try fixture.reopen()
    #expect(try fixture.call("report.get", nil, "{\"seq\":\(answer.int("seq") ?? 0)}").text == report.text)
  }

  @Test(
    "A number past the last change is not found, and the message has the last one",
    arguments: ["change.get", "report.get"])
  func pastTheEnd(method: String) throws {
    let error = try fixture.refuse(method, nil, #"{"seq":10}"#)
    #expect(error.kind == "not-found")
    #expect(error.message.contains("the last one is 9"))
  }
}
