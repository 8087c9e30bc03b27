// HTML pages from the command line: the requests they need, and the output.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("Pages from the command line")
struct PageTests {
  @Test("report --format html writes the page of a change")
  func report() throws {
    let outcome = try fairlead("report", "5", "--format", "html") { _, _ in .success(Sample.harmless.json) }
    #expect(outcome.status == .done)
    #expect(outcome.out.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
    #expect(outcome.out.contains("Impact report of change 5"))
    #expect(outcome.err.isEmpty)
  }

  @Test(
    "plan accepts the formats of a report",
    arguments: [
      ("html", "<!doctype html>"), ("markdown", "# CRITICAL: "), ("json", "{\n"), ("text", "CRITICAL  update prod/web"),
    ])
  func plan(format: String, start: String) throws {
    let outcome = try fairlead("plan", "rollback", "-g", "prod", "-n", "web", "--format", format, "--detailed-exitcode")
    {
      _, _ in
      .success(Sample.answer(Sample.dangerous))
    }
    #expect(outcome.out.hasPrefix(start))
    #expect(outcome.status == .changes)
  }

  private static func revision(_ number: Int, seq: Int) -> JSON {
    Revision(
      revision: number, baseRevision: nil, origin: .update, config: KubeProxyConfig(mode: .ipvs), seq: seq,
      at: Timestamp(milliseconds: 1_800_000_000_000 + seq * 1000), actor: Actor(uid: 0, gid: 0, pid: 1, name: "ana"),
      message: "why \(number)", restores: nil
    ).json
  }

  private static func change(_ seq: Int, _ verdict: String) -> JSON {
    [
      "seq": .integer(seq), "at": "2026-11-22T21:04:45.123Z", "method": "cluster.update", "kind": "cluster",
      "subject": "prod/web", "actor": ["uid": 0, "gid": 0, "pid": 1, "name": "ana"], "message": .null,
      "verdict": .string(verdict), "summary": .string("did \(seq)"), "overridden": [],
    ]
  }

  @Test("history --format html requests the revisions, and once the verdicts of their changes")
  func history() throws {
    let outcome = try fairlead("history", "-g", "prod", "-n", "web", "--limit", "2", "--format", "html") {
      method, params in
      if method == "cluster.history" {
        return .success(["items": [Self.revision(3, seq: 9), Self.revision(2, seq: 4)], "after": 2])
      }
      // The page that ends with the last revision's change is the last one needed.
      return .success(
        ["items": [Self.change(4, "high"), Self.change(6, "info"), Self.change(9, "terrible")], "after": 9])
    }
    #expect(
      outcome.requests == [
        #"cluster.history {"resourceGroup":"prod","name":"web","limit":2}"#,
        #"change.list {"resourceGroup":"prod","name":"web","after":3,"limit":1000}"#,
      ])
    #expect(outcome.out.contains("History of prod/web"))
    #expect(outcome.out.contains("did 4"))
    #expect(!outcome.out.contains("did 6"), "a change of facts alone makes no revision")
    #expect(outcome.out.contains("not known"), "a verdict of a later version is not guessed")
    #expect(outcome.out.contains("Older revisions are left out."))
  }

  @Test("history without revisions requests no changes, and text output is not affected")
  func otherFormats() throws {
    let empty = try fairlead("history", "-g", "a", "-n", "b", "--format", "html") { _, _ in .success(["items": []]) }
    #expect(empty.requests.count == 1)
    #expect(empty.out.contains("No revision is recorded."))
    let text = try fairlead("history", "-g", "a", "-n", "b", "--format", "text", "-o", "json") { _, _ in
      .success(["items": [Self.revision(1, seq: 1)]])
    }
    #expect(text.out.hasPrefix("REV  WHEN (UTC)"))
    let json = try fairlead("history", "-g", "a", "-n", "b", "--format", "json") { _, _ in
      .success(["items": [Self.revision(1, seq: 1)]])
    }
    #expect(try JSON(parsing: Array(json.out.utf8))["items"]?.arrayValue?.count == 1)
  }
}
