// A change of a fleet: how clusters are selected, planned, confirmed by the user, recorded and reported.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("Changing a fleet")
struct FleetFlowTests {
  private static let facts = ["update", "--label", "env=prod", "--kubernetes-version", "1.34"]

  private static let change = #"{"method":"cluster.update","params":{"resourceGroup":"rg","name":"#

  @Test(
    "The list is read in pages, all clusters are planned in one request, and those with a change are recorded as planned"
  )
  func recorded() throws {
    let outcome = try fairlead(
      Self.facts + ["-g", "rg", "-m", "why"],
      answer: ScriptedFleet.daemon(["a": .plan(.low, nodes: 3), "b": .unchanged, "c": .plan(.medium, nodes: 5)]))
    let facts = #","facts":{"kubernetesVersion":"1.34"}"#
    #expect(
      outcome.requests == [
        #"cluster.list {"resourceGroup":"rg","labels":{"env":"prod"},"limit":1000}"#,
        #"cluster.list {"resourceGroup":"rg","labels":{"env":"prod"},"limit":1000,"after":"b"}"#,
        #"cluster.apply {"changes":["#
          + ["a", "b", "c"].map { "\(Self.change)\"\($0)\"\(facts)}}" }.joined(separator: ",")
          + #"],"detail":"summary","message":"why","dryRun":true}"#,
        #"cluster.apply {"changes":["#
          + ["a", "c"].map { "\(Self.change)\"\($0)\"\(facts),\"planDigest\":\"d:\($0)\"}}" }.joined(separator: ",")
          + #"],"detail":"summary","message":"why","atomic":true}"#,
      ])
    #expect(outcome.status == .done)
    #expect(
      outcome.out == """
        MEDIUM  update 3 clusters (env=prod, in rg): 1 medium, 1 low, 1 with nothing to
                do

        Clusters
          MEDIUM  rg/c  kubernetesVersion 1.33 -> 1.34 (1 medium)
          LOW     rg/a  kubernetesVersion 1.33 -> 1.34 (1 low)
          NONE    rg/b  nothing to do

        Affected
          2 clusters to change, 8 nodes, an unknown number of Services

        One in detail, such as the first: the same options, with its name
          fairlead plan update -g rg -n c ...

        Recorded 2 changes, 41 to 42.
        Each report has the commands that carry it out: fairlead report 41

        """)
  }

  @Test("A disruptive change has one prompt, with the report on the terminal")
  func asks() throws {
    let fleet = ScriptedFleet.daemon(["a": .plan(.high, nodes: 3), "b": .plan(.critical, nodes: nil)])
    let yes = try fairlead(Self.facts, typed: ["y"], answer: fleet)
    #expect(yes.status == .done)
    #expect(yes.screen.contains("Verdict CRITICAL. Record these 2 changes? (y/N): "))
    #expect(yes.screen.components(of: "CRITICAL  update 2 clusters") == 1)
    #expect(yes.screen.contains("at least 3 nodes (unknown for 1 cluster)"))
    let no = try fairlead(Self.facts, typed: ["n"], answer: fleet)
    #expect(no.status == .failed)
    #expect(no.requests.count == 2)
    #expect(no.err.hasSuffix("Nothing was recorded.\n"))
    let withoutTerminal = try fairlead(Self.facts, answer: fleet)
    #expect(withoutTerminal.status == .failed)
    #expect(withoutTerminal.requests.count == 2)
    #expect(withoutTerminal.err.contains("use --yes"))
    #expect(withoutTerminal.out.isEmpty)
    #expect(try fairlead(Self.facts + ["-y"], answer: fleet).requests.count == 3)
  }

  @Test("By default one refused cluster ends the change before the prompt")
  func atomic() throws {
    let outcome = try fairlead(
      Self.facts + ["-y"],
      answer: ScriptedFleet.daemon(["a": .plan(.high, nodes: 3), "b": .blocked("ENV-01"), "c": .gate]))
    #expect(outcome.status == .refused)
    #expect(outcome.requests.count == 3)
    #expect(outcome.requests.allSatisfy { !$0.contains("planDigest") })
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("BLOCKED  update 3 clusters (env=prod): 2 refused, 1 high\n"))
    #expect(outcome.err.contains("\n  BLOCKED  rg/b  refused by ENV-01\n"))
    #expect(outcome.err.contains("\n  REFUSED  rg/c  refused until this is met: feature, provider\n"))
    #expect(outcome.err.contains("cannot update 3 clusters: 2 of them are refused, first rg/b: cannot update rg/b"))
    #expect(outcome.err.contains("With --continue the others are recorded without them."))
    #expect(outcome.err.hasSuffix("  To record it anyway: --override ENV-01 -m WHY\n"))
    let gated = try fairlead(Self.facts + ["-y"], answer: ScriptedFleet.daemon(["c": .gate]))
    #expect(
      gated.err.hasSuffix("  What is to be done first: fairlead plan update -g rg -n c ..., with the same options.\n"))
    let missing = try fairlead(Self.facts, answer: ScriptedFleet.daemon(["a": .missing]))
    #expect(missing.status == .notFound)
  }

  @Test("--continue records the other clusters, and ends with 4")
  func continuesOnRefusal() throws {
    let outcome = try fairlead(
      Self.facts + ["--continue"],
      answer: ScriptedFleet.daemon(["a": .plan(.low, nodes: 3), "b": .blocked("ENV-01"), "c": .missing]))
    #expect(outcome.status == .refused)
    #expect(outcome.requests.last?.contains(#""atomic":false"#) == true)
    #expect(outcome.requests.last?.contains(#""name":"b""#) == false)
    #expect(outcome.out.contains("Recorded change 41."))
    #expect(outcome.out.contains("Left out, since refused as things stand: 2 clusters."))
    let none = try fairlead(Self.facts + ["--continue"], answer: ScriptedFleet.daemon(["b": .blocked("ENV-01")]))
    #expect(none.status == .refused)
    #expect(none.out.hasSuffix("\nNothing to record.\n"))
  }

  @Test("--canary records the least risky: by verdict, then by nodes with unknown last, then by name")
  func canary() throws {
    let fleet = ScriptedFleet.daemon([
      "a": .plan(.medium, nodes: nil), "b": .plan(.high, nodes: 1), "c": .plan(.medium, nodes: 9), "d": .unchanged,
      "e": .plan(.medium, nodes: 2), "f": .plan(.medium, nodes: 2), "g": .blocked("ENV-01"),
    ])
    func names(_ count: String) throws -> (Outcome, [String]) {
      let outcome = try fairlead(Self.facts + ["--canary", count], answer: fleet)
      let last = try #require(outcome.requests.last)
      return (outcome, last.split(separator: #""planDigest":"d:"#).dropFirst().map { String($0.prefix(1)) })
    }
    let (two, first) = try names("2")
    #expect(first == ["e", "f"])
    #expect(two.status == .done)
    #expect(two.out.contains("The least risky: rg/e, rg/f."))
    #expect(two.out.contains("To go on with the other 3, once these are well: the same command without"))
    #expect(try names("4").1 == ["e", "f", "c", "a"])
    // So many canaries are the whole fleet, of which one is refused.
    #expect(try names("9").0.status == .refused)
    let plan = try fairlead(["plan"] + Self.facts + ["--canary", "1"], answer: fleet)
    #expect(plan.out.hasSuffix("A plan: nothing was recorded. The least risky: rg/e.\n"))
  }

  @Test("An override is sent only for the clusters that its rule blocks")
  func override() throws {
    let fleet = ScriptedFleet.daemon(["a": .plan(.low, nodes: 3), "b": .blocked("ENV-01"), "c": .blocked("ENV-01")])
    let words = Self.facts + ["--override", "env-01", "-m", "tested", "-y"]
    let outcome = try fairlead(words, answer: fleet)
    #expect(outcome.status == .done)
    for request in outcome.requests.suffix(2) {
      #expect(
        request.split(separator: "{\"method\"").dropFirst().map { $0.contains(#""override":["ENV-01"]"#) } == [
          false, true, true,
        ])
    }
    let idle = try fairlead(Self.facts + ["--override", "POL-01", "-m", "why"], answer: fleet)
    #expect(idle.status == .usage)
    #expect(idle.err.contains("cannot override POL-01: it blocks none of the 3 clusters"))
    let unexplained = try fairlead(Self.facts + ["--override", "ENV-01"], answer: fleet)
    #expect(unexplained.status == .usage)
    #expect(unexplained.err.contains("without a message"))
  }

  @Test("A fleet without a change ends with 0")
  func idle() throws {
    let outcome = try fairlead(Self.facts, answer: ScriptedFleet.daemon(["a": .unchanged, "b": .unchanged]))
    #expect(outcome.status == .done)
    #expect(outcome.requests.count == 2)
    #expect(outcome.out.hasPrefix("NONE  update 2 clusters (env=prod): 2 with nothing to do\n"))
    #expect(outcome.out.hasSuffix("\nNothing to record.\n"))
  }

  @Test("A selection without clusters is not found")
  func emptySelection() throws {
    let outcome = try fairlead(Self.facts + ["--label", "tier=gold"], answer: ScriptedFleet.daemon([:]))
    #expect(outcome.status == .notFound)
    #expect(outcome.err.contains("cannot update: no cluster is selected by env=prod, tier=gold"))
    #expect(outcome.err.contains("There is nothing to select: no cluster is recorded here\n"))
    #expect(outcome.requests.count == 2)
  }

  @Test(
    "A plan's exit code says what the change would come to",
    arguments: [("unchanged", CommandStatus.done), ("plan", .changes), ("refused", .refused)])
  func detailed(kind: String, status: CommandStatus) throws {
    let fleet =
      switch kind {
      case "plan": ScriptedFleet.daemon(["a": .plan(.low, nodes: 1), "b": .unchanged])
      case "refused": ScriptedFleet.daemon(["a": .plan(.low, nodes: 1), "b": .gate])
      default: ScriptedFleet.daemon(["a": .unchanged])
      }
    #expect(try fairlead(["plan"] + Self.facts + ["--detailed-exitcode"], answer: fleet).status == status)
    #expect(try fairlead(["plan"] + Self.facts, answer: fleet).status == .done)
    #expect(try fairlead(Self.facts + ["--dry-run"], answer: fleet).status == .done)
  }

  @Test(
    "A rollback restores each cluster's previous revision; --canary needs --to-revision, or the next run would undo the canaries"
  )
  func rollback() throws {
    let fleet = ScriptedFleet.daemon(["a": .plan(.low, nodes: 1)])
    let outcome = try fairlead(["rollback", "--label", "env=prod"], answer: fleet)
    #expect(
      outcome.requests.last?.contains(
        #"{"method":"cluster.rollback","params":{"resourceGroup":"rg","name":"a","planDigest":"d:a"}}"#) == true)
    let canary = try fairlead(["rollback", "--label", "env=prod", "--canary", "1"], answer: fleet)
    #expect(canary.status == .usage)
    #expect(canary.requests.isEmpty)
    let named = try fairlead(["rollback", "--label", "env=prod", "--canary", "1", "--to-revision", "2"], answer: fleet)
    #expect(named.requests.last?.contains(#""toRevision":2,"planDigest":"d:a""#) == true)
    #expect(try fairlead(["plan", "rollback", "--label", "env=prod"], answer: fleet).status == .done)
  }

  @Test("If a cluster has changed since the plan, nothing is recorded, and the error names the cluster")
  func stale() throws {
    let failure = refusal(
      "plan-stale", "cannot apply 2 changes, and recorded nothing: 2 of them are refused, first rg/a: moved",
      [
        "moved": ["cluster"],
        "results": [["index": 0, "message": "rg/a moved"], ["index": 1, "message": "rg/b moved"]],
      ])
    let outcome = try fairlead(
      Self.facts,
      answer: ScriptedFleet.daemon(["a": .plan(.low, nodes: 1), "b": .plan(.low, nodes: 1)], commit: failure))
    #expect(outcome.status == .conflict)
    #expect(outcome.err.contains("recorded nothing: 2 of them are refused, first rg/a"))
    #expect(outcome.err.contains("What moved: cluster."))
    #expect(outcome.err.contains("also: rg/b moved"))
  }

  @Test("The other output formats have the daemon's answer, or a row for each cluster")
  func forms() throws {
    let fleet = ScriptedFleet.daemon(["a": .plan(.low, nodes: 3), "b": .gate])
    let tsv = try fairlead(["plan"] + Self.facts + ["-o", "tsv"], answer: fleet)
    #expect(
      tsv.out
        == "medium\trg/b\t-\t-\t-\tfeature,provider\t\nlow\trg/a\t-\t2\t3\t-\tupdate rg/a: kubernetesVersion 1.33 -> 1.34 (1 low)\n"
    )
    let json = try JSON(parsing: fairlead(Self.facts + ["-o", "json", "--continue"], answer: fleet).out)
    #expect(json["results"]?.arrayValue?.count == 1)
    #expect(json["seq"] == 41)
    #expect(try fairlead(Self.facts + ["-o", "none", "--continue"], answer: fleet).out.isEmpty)
  }

  @Test("A long line is cut at the terminal's width, but not its name and findings")
  func width() throws {
    let name = "a-name-of-a-cluster-that-is-not-short"
    let fleet = ScriptedFleet.daemon(["\(name)": .plan(.high, nodes: 3)])
    let lines = try fairlead(["plan"] + Self.facts, answer: fleet).out.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.contains("  rg/\(name)  ") && $0.hasSuffix("... (1 high)") })
  }
}

extension String {
  /// How often `part` occurs in this text.
  fileprivate func components(of part: String) -> Int {
    split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}
