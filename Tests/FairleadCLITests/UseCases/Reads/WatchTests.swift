// `fairlead watch`: the cluster first, then each of its changes once, with the difference.

@testable internal import FairleadCLI
internal import ExactJSON
internal import Testing

@Suite("Watching")
struct WatchTests {
  private static let web: JSON = [
    "resourceGroup": "prod", "name": "web", "revision": 3, "config": ["mode": "NFTABLES"],
    "effective": ["enabled": true, "mode": "NFTABLES"], "facts": [:], "labels": [:],
    "createdAt": "2026-11-22T21:00:00.000Z", "updatedAt": "2026-11-22T21:04:00.000Z", "updatedSeq": 7,
  ]

  private static func answer(_ method: String, _ params: JSONObject) -> Result<JSON, Failure> {
    switch method {
    case "cluster.get": .success(web)
    case "report.get":
      .success([
        "formatVersion": 1, "seq": params["seq"] ?? .null, "subject": "prod/web", "verdict": "low",
        "summary": "update prod/web", "notes": [], "overridden": [],
        "diff": [
          [
            "path": "mode", "before": "IPTABLES", "after": "IPVS", "beforeIsDefault": true, "afterIsDefault": false,
          ]
        ],
        "findings": [], "prerequisites": [], "estimates": [:], "affected": ["clusters": 1],
        "pendingConfirm": [
          "seconds": 600, "deadline": "2026-11-22T21:14:45.000Z", "restores": 3, "caveats": [],
          "command": "fairlead confirm -g prod -n web",
        ],
      ])
    default: .failure(.failed("cannot answer \(method)"))
    }
  }

  @Test("It shows the cluster and then each later change, with its difference and its deadline")
  func text() throws {
    // Change 7 was recorded during cluster.get, whose reply includes it.
    let log = ScriptedLog(lastSeq: 6, [.grows(1), .grows(1)])
    let outcome = try fairlead(["watch", "-g", "prod", "-n", "web"], log: log, answer: Self.answer)
    #expect(outcome.status == .done)
    #expect(
      outcome.requests == [
        #"change.watch {"subscription":"default","resourceGroup":"prod","name":"web"}"#,
        #"cluster.get {"resourceGroup":"prod","name":"web"}"#, #"report.get {"seq":8}"#,
      ])
    #expect(
      outcome.out == """
        prod/web  revision 3
          recorded  2026-11-22 21:04:00 UTC by change 7
          created   2026-11-22 21:00:00 UTC

        Configuration, in effect
          enabled  true (default)
          mode     NFTABLES

        change 8  2026-11-22 21:04:45 UTC  by ann  LOW
          update prod/web: step 8
            mode  IPTABLES (default) -> IPVS
          Reverts by itself at 2026-11-22 21:14:45 UTC, 10 min after it was recorded, to
          revision 3, unless 'fairlead confirm -g prod -n web' follows.

        """)
  }

  @Test("As JSON it prints each change on a line, and nothing else")
  func json() throws {
    let outcome = try fairlead(
      ["watch", "-g", "prod", "-n", "web", "-o", "json"], log: ScriptedLog(lastSeq: 7, [.grows(2)]), answer: Self.answer
    )
    #expect(try FollowTests.seqs(outcome.out) == [8, 9])
    #expect(outcome.err.isEmpty)
  }

  @Test("With --after it prints the changes after that one, without the cluster")
  func resumes() throws {
    let outcome = try fairlead(
      ["watch", "-g", "prod", "-n", "web", "--after", "4", "--limit", "2"], log: ScriptedLog(lastSeq: 7, []),
      answer: Self.answer)
    #expect(outcome.out.split(separator: "\n").filter { $0.hasPrefix("change") }.count == 2)
    #expect(outcome.out.hasPrefix("change 5"))
  }

  @Test("Without a name it watches the selected changes, and does not request a cluster")
  func fleet() throws {
    let all = try fairlead(["watch", "-o", "json"], log: ScriptedLog(lastSeq: 3, [.grows(1)]))
    #expect(all.requests == ["change.watch {}"])
    #expect(try FollowTests.seqs(all.out) == [4])
    let words = ["-g", "prod", "--label", "tier=gold", "--label", "env=x", "--kind", "cluster", "--kind", "feature"]
    #expect(
      try fairlead(["watch"] + words, log: ScriptedLog([])).requests == [
        #"change.watch {"resourceGroup":"prod","labels":{"tier":"gold","env":"x"},"kinds":["cluster","feature"]}"#
      ])
  }

  @Test("A cluster that does not exist is refused, with a hint how to list the existing ones")
  func missing() throws {
    let outcome = try fairlead(["watch", "-g", "prod", "-n", "wbe"], log: ScriptedLog([])) { _, _ in
      .failure(refusal("not-found", "cannot find prod/wbe", ["azureCode": "ResourceNotFound"]))
    }
    #expect(outcome.status == .notFound)
    #expect(outcome.err.contains("'fairlead list'"))
  }

  @Test(
    "A name without a group, YAML output and a malformed label are usage errors",
    arguments: [["-n", "web"], ["-o", "yaml"], ["--label", "x"]])
  func usage(words: [String]) throws {
    #expect(try fairlead(["watch"] + words, log: ScriptedLog([])).status == .usage)
  }

  @Test("A change whose report cannot be fetched is printed without it")
  func withoutReport() throws {
    let outcome = try fairlead(["watch"], log: ScriptedLog(lastSeq: 1, [.grows(1)])) { _, _ in
      .failure(.unreachable("cannot reach the daemon: nobody listens on s"))
    }
    #expect(outcome.out.contains("step 2"))
    #expect(outcome.out.contains("fairlead report 2"))
  }
}
