// Lists: all pages are read, and each is printed as it arrives.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("Lists")
struct ListTests {
  @Test("a list is read in pages to its end or to --limit")
  func pages() throws {
    func page(_ method: String, _ params: JSONObject) -> Result<JSON, Failure> {
      let first = (params["after"]?.intValue ?? 0) + 1
      let count = min(params["limit"]?.intValue ?? 0, 2)
      let items = (first..<first + count).filter { $0 <= 5 }.map { seq -> JSON in
        [
          "seq": .integer(seq), "at": "2026-11-22T21:04:45.123Z", "method": "cluster.update", "kind": "cluster",
          "subject": "prod/web", "actor": ["uid": 0, "gid": 0, "pid": 1, "name": "ana"],
          "message": seq == 1 ? "a \u{1B}[31m red\nletter" : .null, "verdict": "high", "summary": "update prod/web",
          "overridden": [],
        ]
      }
      let last = first + count - 1
      return .success(last < 5 ? ["items": .array(items), "after": .integer(last)] : ["items": .array(items)])
    }
    let whole = try fairlead(["log"], answer: page)
    #expect(
      whole.requests == [
        #"change.list {"limit":1000}"#, #"change.list {"limit":1000,"after":2}"#,
        #"change.list {"limit":1000,"after":4}"#,
      ])
    #expect(
      whole.out.hasPrefix(
        """
        CHANGE  WHEN (UTC)           BY   VERDICT  SUMMARY (MESSAGE)
        1       2026-11-22 21:04:45  ana  high     update prod/web (a \\x1b[31m red letter)
        2       2026-11-22 21:04:45  ana  high     update prod/web

        """))
    #expect(whole.out.split(separator: "\n").count == 6)
    let some = try fairlead(["log", "--limit", "3"], answer: page)
    #expect(some.requests == [#"change.list {"limit":3}"#, #"change.list {"limit":1,"after":2}"#])
    #expect(some.err == "fairlead: there is more: go on with --after 3\n")
    let json = try JSON(parsing: Array(fairlead(["log", "-o", "json", "--limit", "3"], answer: page).out.utf8))
    #expect(json["items"]?.arrayValue?.count == 3)
    #expect(json["after"] == 3)
  }

  @Test("an empty list prints nothing on stdout, and a note on stderr")
  func emptyList() throws {
    let outcome = try fairlead(["list"]) { _, _ in .success(["items": []]) }
    #expect(outcome.out.isEmpty)
    #expect(outcome.err == "fairlead: no cluster is recorded here\n")
  }

  @Test("a cursor that does not advance ends the list")
  func stuckCursor() throws {
    let outcome = try fairlead(["provider", "list", "-o", "json"]) { _, _ in .success(["items": [1], "after": "x"]) }
    #expect(outcome.requests.count == 2)
  }

  @Test("aks list is a bare array, as az has it")
  func aksList() throws {
    let outcome = try fairlead(["aks", "list"]) { _, _ in .success(["items": [Sample.cluster().json]]) }
    let list = try #require(try JSON(parsing: Array(outcome.out.utf8)).arrayValue)
    #expect(list.count == 1)
    #expect(list.first?["type"] == "Microsoft.ContainerService/ManagedClusters")
  }
}
