// `cluster.history` and `cluster.diff`: a cluster's revisions, and the difference of two of them.

import ExactJSON
import Testing

@Suite("History and diff")
struct HistoryTests {
  let fixture: RegistryFixture
  /// The changes that made the revisions of `rg/web`, from the first one on.
  let created, toIPVS, toNFTables, textOnly, rolledBack: Int

  /// web: 1 {}, 2 IPVS, 3 NFTABLES, 4 text only, 5 rollback to 2; and between 3 and 4 a change of its facts.
  init() throws {
    fixture = try .ready()
    created = try fixture.record("cluster.create", "rg/web", #"{"message":"first"}"#)
    toIPVS = try fixture.record("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#, as: .bob)
    toNFTables = try fixture.record("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}}"#)
    try fixture.record("cluster.update", "rg/web", #"{"facts":{"nodeCount":3}}"#)
    textOnly = try fixture.record("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES","enabled":true}}"#)
    rolledBack = try fixture.record("cluster.rollback", "rg/web", #"{"toRevision":2}"#)
  }

  private func numbers(_ params: String) throws -> (revisions: [Int?], after: Int?) {
    let page = try fixture.call("cluster.history", "rg/web", params)
    return (page.items("items").map { $0.int("revision") }, page.int("after"))
  }

  @Test("Revisions are listed newest first, each with actor, time, message and origin")
  func newestFirst() throws {
    #expect(try numbers("{}").revisions == [5, 4, 3, 2, 1])
    let items = try fixture.call("cluster.history", "rg/web").items("items")
    #expect(items.map { $0.string("origin") } == ["rollback", "update", "update", "update", "create"])
    #expect(items.map { $0.int("baseRevision") } == [4, 3, 2, 1, nil])
    #expect(items.map { $0.seq } == [rolledBack, textOnly, toNFTables, toIPVS, created])
    #expect(items.map { $0.string("actor.name") } == ["alice", "alice", "alice", "bob", "alice"])
    #expect(items.last?.string("message") == "first")
    #expect(items.last?["baseRevision"] == .null)
  }

  @Test("Over all pages each revision is listed once, and the last page has no cursor")
  func pages() throws {
    #expect(try numbers(#"{"limit":2}"#) == ([5, 4], 4))
    #expect(try numbers(#"{"limit":2,"after":4}"#) == ([3, 2], 2))
    #expect(try numbers(#"{"limit":2,"after":2}"#) == ([1], nil))
    #expect(try numbers(#"{"limit":5}"#) == ([5, 4, 3, 2, 1], nil))
    #expect(try numbers(#"{"after":1}"#) == ([], nil))
  }

  @Test("A cursor beyond the newest revision is refused, with the newest")
  func beyondTheEnd() throws {
    let error = try fixture.refuse("cluster.history", "rg/web", #"{"after":6}"#)
    #expect(error.string("data.path") == "after")
    #expect(error.message == "cannot list what comes after revision 6 of rg/web: the last one is 5")
    #expect(try numbers(#"{"limit":1,"after":5}"#) == ([4], 4))
  }

  @Test("A revision that is recorded between two pages does not shift the second")
  func moving() throws {
    try fixture.call("cluster.delete", "rg/web")
    #expect(try numbers(#"{"limit":2,"after":4}"#) == ([3, 2], 2))
  }

  @Test("The history of a cluster that never existed is not found")
  func missing() throws {
    #expect(try fixture.refuse("cluster.history", "rg/api").kind == "not-found")
  }

  private func diff(_ params: String = "{}") throws -> String {
    let answer = try fixture.call("cluster.diff", "rg/web", params)
    let entries = answer.items("diff").map {
      "\($0.string("path") ?? ""): \($0["before"]?.text ?? "") -> \($0["after"]?.text ?? "")"
    }
    return "\(answer.int("from") ?? 0)-\(answer.int("to") ?? 0) \(entries.joined(separator: ", "))"
  }

  @Test("The default diff is from the previous revision to the current one")
  func diffDefaults() throws {
    #expect(try diff() == #"4-5 mode: "NFTABLES" -> "IPVS", ipvsConfig.scheduler: null -> "RoundRobin""#)
    #expect(try diff(#"{"to":3}"#).hasPrefix("2-3 "))
    #expect(try diff(#"{"from":2}"#) == "2-5 ")
    #expect(try diff(#"{"from":1,"to":3}"#) == #"1-3 mode: "IPTABLES" -> "NFTABLES""#)
  }

  @Test("Documents that differ without effect have an empty diff, and both are shown")
  func diffOfText() throws {
    let answer = try fixture.call("cluster.diff", "rg/web", #"{"from":3,"to":4}"#)
    #expect(answer.items("diff").isEmpty)
    #expect(answer.at("before")?.text == #"{"mode":"NFTABLES"}"#)
    #expect(answer.at("after")?.text == #"{"enabled":true,"mode":"NFTABLES"}"#)
  }

  @Test("A diff can go from a later revision to an earlier one")
  func backwards() throws {
    #expect(try diff(#"{"from":3,"to":1}"#) == #"3-1 mode: "NFTABLES" -> "IPTABLES""#)
  }

  @Test("A value that comes from a default is marked")
  func defaults() throws {
    let entry = try fixture.call("cluster.diff", "rg/web", #"{"from":1,"to":2}"#).at("diff.0")
    #expect(entry?.bool("beforeIsDefault") == true)
    #expect(entry?.bool("afterIsDefault") == false)
  }

  @Test("Revisions before the first and after the last are refused")
  func ends() throws {
    #expect(try fixture.refuse("cluster.diff", "rg/web", #"{"to":1}"#).message.contains("before revision 1"))
    #expect(try fixture.refuse("cluster.diff", "rg/web", #"{"to":6}"#).message.contains("revisions 1 to 5"))
    #expect(try fixture.refuse("cluster.diff", "rg/api").kind == "not-found")
  }
}
