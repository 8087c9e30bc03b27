// Which requests command lines send, and how the answers are printed.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("Commands")
struct CommandTests {
  @Test(
    "a command line sends exactly these parameters",
    arguments: [
      (
        [
          "update", "-g", "G", "-n", "N", "--label", "a=1", "--label", "b-", "--api-version", "2025-09-02-preview",
          "-m",
          "why", "--if-revision", "3", "--if-seq", "9", "--override", "env-01", "--override", "POL-01", "--yes",
          "--plan", "v1:x", "--request-id", "k", "--subscription", "S",
        ],
        #"cluster.update {"subscription":"S","resourceGroup":"G","name":"N","labels":{"a":"1","b":null},"#
          + #""apiVersion":"2025-09-02-preview","message":"why","ifRevision":3,"ifSeq":9,"override":["ENV-01","POL-01"],"#
          + #""planDigest":"v1:x","requestId":"k"}"#
      ),
      (
        ["create", "-g", "G", "-n", "N", "--network-policy", "", "--subscription", "Default"],
        #"cluster.create {"resourceGroup":"G","name":"N","facts":{"networkPolicy":null}}"#
      ),
      (
        ["rollback", "-g", "G", "-n", "N", "--to-revision", "2", "-m", "back", "-y"],
        #"cluster.rollback {"resourceGroup":"G","name":"N","toRevision":2,"message":"back"}"#
      ),
      (["rollback", "-g", "G", "-n", "N", "-y"], #"cluster.rollback {"resourceGroup":"G","name":"N"}"#),
      (["delete", "-g", "G", "-n", "N", "-y"], #"cluster.delete {"resourceGroup":"G","name":"N"}"#),
      (["show", "-g", "G", "-n", "N"], #"cluster.get {"resourceGroup":"G","name":"N"}"#),
      (
        ["show", "-g", "G", "-n", "N", "--revision", "2"], #"cluster.get {"resourceGroup":"G","name":"N","revision":2}"#
      ),
      (
        ["show", "-g", "G", "-n", "N", "--at", "2026-11-22"],
        #"cluster.get {"resourceGroup":"G","name":"N","at":"2026-11-22"}"#
      ),
      (
        ["list", "-g", "G", "--label", "a=1", "--limit", "5"],
        #"cluster.list {"resourceGroup":"G","labels":{"a":"1"},"limit":5}"#
      ),
      (["list", "--subscription", "default"], #"cluster.list {"subscription":"default","limit":1000}"#),
      (["history", "-g", "G", "-n", "N"], #"cluster.history {"resourceGroup":"G","name":"N","limit":1000}"#),
      (["diff", "-g", "G", "-n", "N"], #"cluster.diff {"resourceGroup":"G","name":"N"}"#),
      (["diff", "-g", "G", "-n", "N", "1", "3"], #"cluster.diff {"resourceGroup":"G","name":"N","from":1,"to":3}"#),
      (["log", "--after", "7", "--limit", "2"], #"change.list {"after":7,"limit":2}"#),
      (["report", "7"], #"report.get {"seq":7}"#),
      (["feature", "list", "--namespace", "P"], #"feature.list {"namespace":"P","limit":1000}"#),
      (["feature", "show", "--namespace", "P", "-n", "F"], #"feature.get {"namespace":"P","name":"F"}"#),
      (["provider", "show", "-n", "P"], #"provider.get {"namespace":"P"}"#),
      (["provider", "list"], #"provider.list {"limit":1000}"#),
      (["extension", "show", "-n", "E"], #"extension.get {"name":"E"}"#),
      (["extension", "list"], #"extension.list {"limit":1000}"#),
      (["call", "cluster.get", #"{"name":"N"}"#], #"cluster.get {"name":"N"}"#),
      (["call", "registry.health"], "registry.health {}"),
      (["aks", "show", "-g", "G", "-n", "N"], #"cluster.get {"resourceGroup":"G","name":"N"}"#),
      (["aks", "list", "-g", "G"], #"cluster.list {"resourceGroup":"G","limit":1000}"#),
    ] as [([String], String)])
  func parameters(words: [String], request: String) throws {
    #expect(try fairlead(words).requests.last == request)
  }

  @Test("global options are accepted before and after the command")
  func globals() throws {
    for words in [["--subscription", "S", "list"], ["list", "--subscription", "S"]] {
      #expect(try fairlead(words).requests == [#"cluster.list {"subscription":"S","limit":1000}"#])
    }
  }

  @Test(
    "every plan is a dry run with the parameters of its change",
    arguments: [
      (["plan", "create"], "cluster.create", ""),
      (["what-if", "update", "-c", "2"], "cluster.update", #","facts":{"nodeCount":2}"#),
      (["plan", "rollback", "--to-revision", "2"], "cluster.rollback", #","toRevision":2"#),
      (["plan", "delete", "-m", "why"], "cluster.delete", #","message":"why""#),
    ])
  func plans(words: [String], method: String, members: String) throws {
    let outcome = try fairlead(words + ["-g", "G", "-n", "N"]) { _, _ in .success(Sample.answer(Sample.dangerous)) }
    #expect(outcome.requests == ["\(method) {\"resourceGroup\":\"G\",\"name\":\"N\"\(members),\"dryRun\":true}"])
    #expect(outcome.status == .done)
  }

  @Test("--detailed-exitcode has different codes for changes, no change and a refusal")
  func detailedExitCode() throws {
    let noop = Finding(
      rule: "NOOP-01", severity: .none, certainty: .will, title: "Nothing changes on the nodes", detail: "", remedy: "",
      verify: "", source: "")
    let nothing = Report(
      subject: "x", verdict: .none, summary: "x", findings: [noop], affected: Affected(clusters: 1))
    for (report, status) in [
      (Sample.dangerous, CommandStatus.changes), (Sample.harmless, .changes), (nothing, .done),
      (Sample.blocked, .refused),
    ] {
      let words = ["plan", "update", "-g", "G", "-n", "N", "-c", "2", "--detailed-exitcode"]
      #expect(try fairlead(words) { _, _ in .success(Sample.answer(report)) }.status == status)
    }
  }

  @Test("show prints the effective values, with the defaults marked")
  func show() throws {
    let outcome = try fairlead(["show", "-g", "prod", "-n", "web"]) { _, _ in .success(Sample.cluster().json) }
    #expect(
      outcome.out == """
        prod/web  revision 4
          recorded  2027-01-15 08:01:00 UTC by change 17
          created   2027-01-15 08:00:00 UTC

        Configuration, in effect
          enabled                          true (default)
          mode                             IPVS
          ipvsConfig.scheduler             RoundRobin (default)
          ipvsConfig.tcpTimeoutSeconds     600
          ipvsConfig.tcpFinTimeoutSeconds  what the kernel has
          ipvsConfig.udpTimeoutSeconds     what the kernel has

        Facts
          nodeCount  12

        Labels
          tier  gold

        """)
  }

  @Test("show takes a revision or a time, not both")
  func showBoth() throws {
    let outcome = try fairlead(["show", "-g", "g", "-n", "n", "--revision", "1", "--at", "2026-01-01"])
    #expect(outcome.status == .usage)
    #expect(outcome.requests.isEmpty)
  }

  @Test("a report is printed as text, JSON or Markdown")
  func reports() throws {
    func out(_ words: String...) throws -> String {
      try fairlead(["report", "5"] + words) { _, _ in .success(Sample.harmless.json) }.out
    }
    #expect(try out() == ReportText(Layout()).render(Sample.harmless))
    #expect(try out("--format", "markdown") == ReportMarkdown.render(Sample.harmless))
    #expect(try out("--format", "json") == Sample.harmless.json.prettyText + "\n")
    #expect(try out("-o", "json") == Sample.harmless.json.prettyText + "\n")
    #expect(try out("--format", "text", "-o", "json") == ReportText(Layout()).render(Sample.harmless))
    #expect(try out("-o", "tsv") == "info\tRST-03\twill\tMixed modes across nodes are safe\n")
  }

  @Test("call prints the error object unchanged on stderr, and ends with the exit code of its kind")
  func rawErrors() throws {
    let outcome = try fairlead(["call", "cluster.get", "{}"]) { _, _ in
      .failure(refusal("not-found", "cannot find it"))
    }
    #expect(outcome.status == .notFound)
    #expect(outcome.out.isEmpty)
    #expect(try JSON(parsing: Array(outcome.err.utf8))["data"] == ["kind": "not-found"])
  }

  @Test("call refuses parameters that are not a JSON object", arguments: ["[1]", "{", "nonsense", ""])
  func badParameters(text: String) throws {
    let outcome = try fairlead(["call", "cluster.get", text])
    #expect(outcome.status == .usage)
    #expect(outcome.requests.isEmpty)
  }

  @Test("status prints the daemon's socket, and says if the daemon and the command have different versions")
  func status() throws {
    let outcome = try fairlead(["status"]) { method, _ in
      method == "registry.health"
        ? .success(["status": "ok", "head": 43])
        : .success([
          "version": "9.9.9", "socket": "/run/f.sock", "database": "/var/f.db", "head": 42, "settleSeconds": 0,
          "apiVersion": "2026-08-02-preview",
        ])
    }
    #expect(
      outcome.out == """
        fairleadd
          status        ok
          version       9.9.9
          head          change 43
          socket        /run/f.sock
          database      /var/f.db
          settle        0 s
          API version   2026-08-02-preview
          this command  version \(fairleadVersion)

        """)
  }

  @Test("status shows the reasons, the worst first, with remedy and process, and ends with 0 for 'ok' only")
  func reasons() throws {
    let reasons: JSON = [
      [
        "code": "clock-behind", "since": "2026-11-22T21:04:45.000Z", "message": "the clock is behind",
        "remedy": "set it", "by": ["pid": 12, "command": "sqlite3 x"],
      ],
      ["code": "new-in-a-later-version", "since": "2026-11-22T21:04:46.000Z", "message": "m", "remedy": "r"],
    ]
    func status(_ words: [String], _ word: String) throws -> Outcome {
      try fairlead(["status"] + words) { method, _ in
        .success(
          method == "registry.health"
            ? ["status": .string(word), "head": 1, "reasons": reasons, "reason": "the clock is behind"]
            : ["version": .string(fairleadVersion)])
      }
    }
    let shown = try status([], "degraded")
    #expect(shown.status == .failed)
    #expect(
      shown.out.hasSuffix(
        """

        clock-behind  since 2026-11-22T21:04:45.000Z
          the clock is behind
          -> set it
          by process 12 (sqlite3 x)

        new-in-a-later-version  since 2026-11-22T21:04:46.000Z
          m
          -> r

        """))
    #expect(try JSON(parsing: status(["-o", "json"], "degraded").out)["reasons"] == reasons)
    #expect(try status(["-o", "table"], "degraded").out.contains("clock-behind,new-in-a-later-version"))
    for (word, code) in [
      ("ok", CommandStatus.done), ("read-only", .failed), ("starting", .failed), ("stopping", .failed),
    ] {
      #expect(try status([], word).status == code)
    }
  }

  @Test("diff shows the effective values that differ, or that none does")
  func diff() throws {
    let entry = DiffEntry(path: "mode", before: "IPTABLES", after: "IPVS", beforeIsDefault: true)
    for (diff, line) in [([entry], "  mode  IPTABLES (default) -> IPVS"), ([], "  No difference in effect.")] {
      let outcome = try fairlead(["diff", "-g", "prod", "-n", "web"]) { _, _ in
        .success(["from": 2, "to": 3, "diff": .array(diff.map(\.json))])
      }
      #expect(outcome.out == "prod/web  revision 2 -> 3\n\(line)\n")
    }
  }

  @Test("an answer in another shape is an error, but JSON output still shows it")
  func otherShape() throws {
    let words = ["show", "-g", "g", "-n", "n"]
    #expect(try fairlead(words) { _, _ in .success(["new": 1]) }.status == .unreachable)
    #expect(try fairlead(words + ["-o", "json"]) { _, _ in .success(["new": 1]) }.out == "{\n  \"new\": 1\n}\n")
  }
}
