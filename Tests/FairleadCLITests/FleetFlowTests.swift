// A change of many clusters: how they are selected, planned, asked about, recorded and told.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("The way of a fleet")
struct FleetFlowTests {
  /// What the daemon makes of a cluster, by its name.
  private enum Fate {
    case plan(Severity, nodes: Int?)
    case unchanged
    case blocked(String)
    case gate
    case missing
  }

  private static let facts = ["update", "--label", "env=prod", "--kubernetes-version", "1.34"]

  /// A fleet in a resource group `rg`. An override lets its rule through.
  private func daemon(_ fates: KeyValuePairs<String, Fate>, commit: Failure? = nil) -> (
    String, JSONObject
  ) -> Result<JSON, Failure> {
    let fates = Array(fates)
    return { method, params in
      guard method == "cluster.apply" else {
        let names = fates.map(\.key)
        let first = params["after"].flatMap(\.stringValue).flatMap { names.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        let items = names[first...].prefix(2).map { name -> JSON in
          ["resourceGroup": "rg", "name": .string(name)]
        }
        let last = names[first...].prefix(2).last
        return .success(
          first + 2 < names.count
            ? ["items": .array(items), "after": .string(last ?? "")] : ["items": .array(items)])
      }
      let dryRun = params["dryRun"] == true
      if !dryRun, let commit { return .failure(commit) }
      var seq = 40
      let results = (params["changes"]?.arrayValue ?? []).enumerated().map { index, change -> JSON in
        let name = change["params"]?["name"]?.stringValue ?? ""
        let overrides = (change["params"]?["override"]?.arrayValue ?? []).compactMap(\.stringValue)
        var result = JSONObjectBuilder()
        result.set("index", index)
        result.set("method", change["method"]?.stringValue ?? "")
        result.set("subject", "rg/\(name)")
        var outcome = JSONObjectBuilder()
        func settle(_ verdict: Severity, _ nodes: Int?) {
          seq += 1
          outcome.set("seq", dryRun ? .null : .integer(seq))
          outcome.set("revision", 2)
          outcome.set("verdict", verdict.rawValue)
          outcome.set("summary", "update rg/\(name): kubernetesVersion 1.33 -> 1.34 (1 \(verdict.rawValue))")
          outcome.set("findings", SeverityCounts([verdict: 1]).json)
          outcome.set("nodes", ifPresent: nodes)
          if dryRun { outcome.set("planDigest", "d:\(name)") }
        }
        switch fates.first(where: { $0.key == name })?.value {
        case .plan(let verdict, let nodes): settle(verdict, nodes)
        case .blocked(let rule) where overrides.contains(rule):
          settle(.high, nil)
          outcome.set("overridden", .array([.string(rule)]))
        case .blocked(let rule):
          outcome.set("verdict", "blocked")
          outcome.set("summary", "update rg/\(name)")
          outcome.set(
            "refusal",
            ["kind": "blocked", "message": .string("cannot update rg/\(name): \(rule)"), "by": [.string(rule)]])
        case .gate:
          outcome.set("verdict", "medium")
          outcome.set(
            "refusal",
            ["kind": "prerequisite", "message": .string("cannot update rg/\(name)"), "by": ["feature", "provider"]])
        case .unchanged:
          result.set("unchanged", true)
          outcome.set("verdict", "none")
        case .missing, nil:
          result.set("error", ["code": -32001, "message": "cannot find it", "data": ["kind": "not-found"]])
          return result.json
        }
        result.set("outcome", outcome.json)
        return result.json
      }
      return .success(["seq": dryRun ? .null : .integer(seq), "results": .array(results), "totals": [:]])
    }
  }

  private static let change = #"{"method":"cluster.update","params":{"resourceGroup":"rg","name":"#

  @Test("It selects page by page, plans all at once, and records exactly the plans, without what has nothing to do")
  func recorded() throws {
    let outcome = try perform(
      Self.facts + ["-g", "rg", "-m", "why"],
      answer: daemon(["a": .plan(.low, nodes: 3), "b": .unchanged, "c": .plan(.medium, nodes: 5)]))
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

  @Test("A disruptive one is asked about once, with the report on the terminal")
  func asks() throws {
    let fleet = daemon(["a": .plan(.high, nodes: 3), "b": .plan(.critical, nodes: nil)])
    let yes = try perform(Self.facts, typed: ["y"], answer: fleet)
    #expect(yes.status == .done)
    #expect(yes.screen.contains("Verdict CRITICAL. Record these 2 changes? (y/N): "))
    #expect(yes.screen.components(of: "CRITICAL  update 2 clusters") == 1)
    #expect(yes.screen.contains("at least 3 nodes (unknown for 1 cluster)"))
    let no = try perform(Self.facts, typed: ["n"], answer: fleet)
    #expect(no.status == .failed)
    #expect(no.requests.count == 2)
    #expect(no.err.hasSuffix("Nothing was recorded.\n"))
    let nobody = try perform(Self.facts, answer: fleet)
    #expect(nobody.status == .failed)
    #expect(nobody.requests.count == 2)
    #expect(nobody.err.contains("use --yes"))
    #expect(nobody.out.isEmpty)
    #expect(try perform(Self.facts + ["-y"], answer: fleet).requests.count == 3)
  }

  @Test("All or none: a refused one ends it before anybody is asked")
  func atomic() throws {
    let outcome = try perform(
      Self.facts + ["-y"], answer: daemon(["a": .plan(.high, nodes: 3), "b": .blocked("ENV-01"), "c": .gate]))
    #expect(outcome.status == .refused)
    #expect(outcome.requests.count == 3)
    #expect(outcome.requests.allSatisfy { !$0.contains("planDigest") })
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("BLOCKED  update 3 clusters (env=prod): 2 refused, 1 high\n"))
    #expect(outcome.err.contains("\n  BLOCKED  rg/b  refused by ENV-01\n"))
    #expect(outcome.err.contains("\n  REFUSED  rg/c  refused until this is met: feature, provider\n"))
    #expect(outcome.err.contains("cannot update 3 clusters: 2 of them are refused, first rg/b: cannot update rg/b"))
    #expect(outcome.err.contains("With --continue the others are recorded without them."))
    let missing = try perform(Self.facts, answer: daemon(["a": .missing]))
    #expect(missing.status == .notFound)
  }

  @Test("--continue records the others, and ends with 4")
  func continuesOnRefusal() throws {
    let outcome = try perform(
      Self.facts + ["--continue"], answer: daemon(["a": .plan(.low, nodes: 3), "b": .blocked("ENV-01"), "c": .missing]))
    #expect(outcome.status == .refused)
    #expect(outcome.requests.last?.contains(#""atomic":false"#) == true)
    #expect(outcome.requests.last?.contains(#""name":"b""#) == false)
    #expect(outcome.out.contains("Recorded change 41."))
    #expect(outcome.out.contains("Left out, since refused as things stand: 2 clusters."))
    let none = try perform(Self.facts + ["--continue"], answer: daemon(["b": .blocked("ENV-01")]))
    #expect(none.status == .refused)
    #expect(none.out.hasSuffix("\nNothing to record.\n"))
  }

  @Test("--canary records the least risky: by verdict, then by nodes with unknown last, then by name")
  func canary() throws {
    let fleet = daemon([
      "a": .plan(.medium, nodes: nil), "b": .plan(.high, nodes: 1), "c": .plan(.medium, nodes: 9), "d": .unchanged,
      "e": .plan(.medium, nodes: 2), "f": .plan(.medium, nodes: 2), "g": .blocked("ENV-01"),
    ])
    func names(_ count: String) throws -> (Outcome, [String]) {
      let outcome = try perform(Self.facts + ["--canary", count], answer: fleet)
      let last = try #require(outcome.requests.last)
      return (outcome, last.split(separator: #""planDigest":"d:"#).dropFirst().map { String($0.prefix(1)) })
    }
    let (two, first) = try names("2")
    #expect(first == ["e", "f"])
    #expect(two.status == .done)
    #expect(two.out.contains("The least risky: rg/e, rg/f."))
    #expect(two.out.contains("To go on with the other 3, once these are well: the same command without"))
    #expect(try names("4").1 == ["e", "f", "c", "a"])
    // All that is left would be all of them, and one is refused.
    #expect(try names("9").0.status == .refused)
    let plan = try perform(["plan"] + Self.facts + ["--canary", "1"], answer: fleet)
    #expect(plan.out.hasSuffix("A plan: nothing was recorded. The least risky: rg/e.\n"))
  }

  @Test("An override goes along where its rule blocks, and nowhere else")
  func override() throws {
    let fleet = daemon(["a": .plan(.low, nodes: 3), "b": .blocked("ENV-01"), "c": .blocked("ENV-01")])
    let words = Self.facts + ["--override", "env-01", "-m", "tested", "-y"]
    let outcome = try perform(words, answer: fleet)
    #expect(outcome.status == .done)
    for request in outcome.requests.suffix(2) {
      #expect(
        request.split(separator: "{\"method\"").dropFirst().map { $0.contains(#""override":["ENV-01"]"#) } == [
          false, true, true,
        ])
    }
    let idle = try perform(Self.facts + ["--override", "POL-01", "-m", "why"], answer: fleet)
    #expect(idle.status == .usage)
    #expect(idle.err.contains("cannot override POL-01: it blocks none of the 3 clusters"))
    let unexplained = try perform(Self.facts + ["--override", "ENV-01"], answer: fleet)
    #expect(unexplained.status == .usage)
    #expect(unexplained.err.contains("without a message"))
  }

  @Test("Nothing to do is done")
  func idle() throws {
    let outcome = try perform(Self.facts, answer: daemon(["a": .unchanged, "b": .unchanged]))
    #expect(outcome.status == .done)
    #expect(outcome.requests.count == 2)
    #expect(outcome.out.hasPrefix("NONE  update 2 clusters (env=prod): 2 with nothing to do\n"))
    #expect(outcome.out.hasSuffix("\nNothing to record.\n"))
  }

  @Test("No cluster that is selected is not found")
  func nobody() throws {
    let outcome = try perform(Self.facts + ["--label", "tier=gold"], answer: daemon([:]))
    #expect(outcome.status == .notFound)
    #expect(outcome.err.contains("cannot update: no cluster is selected by env=prod, tier=gold"))
    #expect(outcome.requests.count == 1)
  }

  @Test(
    "A plan's exit code says what a change would come to",
    arguments: [("unchanged", CommandStatus.done), ("plan", .changes), ("refused", .refused)])
  func detailed(kind: String, status: CommandStatus) throws {
    let fleet =
      switch kind {
      case "plan": daemon(["a": .plan(.low, nodes: 1), "b": .unchanged])
      case "refused": daemon(["a": .plan(.low, nodes: 1), "b": .gate])
      default: daemon(["a": .unchanged])
      }
    #expect(try perform(["plan"] + Self.facts + ["--detailed-exitcode"], answer: fleet).status == status)
    #expect(try perform(["plan"] + Self.facts, answer: fleet).status == .done)
    #expect(try perform(Self.facts + ["--dry-run"], answer: fleet).status == .done)
  }

  @Test("A rollback takes each to its own previous revision, and has no canary that it would take back again")
  func rollback() throws {
    let fleet = daemon(["a": .plan(.low, nodes: 1)])
    let outcome = try perform(["rollback", "--label", "env=prod"], answer: fleet)
    #expect(
      outcome.requests.last?.contains(
        #"{"method":"cluster.rollback","params":{"resourceGroup":"rg","name":"a","planDigest":"d:a"}}"#) == true)
    let canary = try perform(["rollback", "--label", "env=prod", "--canary", "1"], answer: fleet)
    #expect(canary.status == .usage)
    #expect(canary.requests.isEmpty)
    let named = try perform(["rollback", "--label", "env=prod", "--canary", "1", "--to-revision", "2"], answer: fleet)
    #expect(named.requests.last?.contains(#""toRevision":2,"planDigest":"d:a""#) == true)
    #expect(try perform(["plan", "rollback", "--label", "env=prod"], answer: fleet).status == .done)
  }

  @Test("What moved between the plan and the record refuses it all, with the clusters that are in the way")
  func stale() throws {
    let failure = refusal(
      "plan-stale", "cannot apply 2 changes, and recorded nothing: 2 of them are refused, first rg/a: moved",
      [
        "moved": ["cluster"],
        "results": [["index": 0, "message": "rg/a moved"], ["index": 1, "message": "rg/b moved"]],
      ])
    let outcome = try perform(
      Self.facts, answer: daemon(["a": .plan(.low, nodes: 1), "b": .plan(.low, nodes: 1)], commit: failure))
    #expect(outcome.status == .conflict)
    #expect(outcome.err.contains("recorded nothing: 2 of them are refused, first rg/a"))
    #expect(outcome.err.contains("What moved: cluster."))
    #expect(outcome.err.contains("also: rg/b moved"))
  }

  @Test("The other forms of output have the daemon's answer, and a row for each cluster")
  func forms() throws {
    let fleet = daemon(["a": .plan(.low, nodes: 3), "b": .gate])
    let tsv = try perform(["plan"] + Self.facts + ["-o", "tsv"], answer: fleet)
    #expect(
      tsv.out
        == "medium\trg/b\t-\t-\t-\tfeature,provider\t\nlow\trg/a\t-\t2\t3\t-\tupdate rg/a: kubernetesVersion 1.33 -> 1.34 (1 low)\n"
    )
    let json = try JSON(parsing: perform(Self.facts + ["-o", "json", "--continue"], answer: fleet).out)
    #expect(json["results"]?.arrayValue?.count == 1)
    #expect(json["seq"] == 41)
    #expect(try perform(Self.facts + ["-o", "none", "--continue"], answer: fleet).out.isEmpty)
  }

  @Test("A long line is cut at the width, and neither its name nor its findings are")
  func width() throws {
    let name = "a-name-of-a-cluster-that-is-not-short"
    let fleet = daemon(["\(name)": .plan(.high, nodes: 3)])
    let lines = try perform(["plan"] + Self.facts, answer: fleet).out.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.contains("  rg/\(name)  ") && $0.hasSuffix("... (1 high)") })
  }

  // MARK: One or many

  @Test(
    "What makes no sense over a fleet, or for one cluster, is a usage error that asks nothing",
    arguments: [
      ([], "--name and --resource-group for one cluster, or --label"), (["-g", "rg"], "or --label"),
      (["-n", "web"], "name its resource group too"), (["-n", "web", "--label", "a=b"], "name its resource group too"),
      (["-g", "rg", "-n", "web", "--canary", "2"], "cannot take --canary with --name"),
      (["-g", "rg", "-n", "web", "--continue"], "cannot take --continue with --name"),
      (["-g", "rg", "-n", "web", "--atomic"], "cannot take --atomic with --name"),
      (["--label", "old-"], "labels are set and removed on one cluster"),
      (["--label", "a=b", "--label", "old-"], "cannot take 'old-'"),
      (["--label", "a=b", "--if-revision", "1"], "cannot take --if-revision without --name"),
      (["--label", "a=b", "--if-seq", "1"], "cannot take --if-seq without --name"),
      (["--label", "a=b", "--plan", "d"], "cannot take --plan without --name"),
      (["--label", "a=b", "--request-id", "k"], "cannot take --request-id without --name"),
      (["--label", "a=b", "--from", "f"], "cannot take --from without --name"),
    ])
  func misuse(words: [String], said: String) throws {
    let outcome = try perform(["update", "--node-count", "3"] + words)
    #expect(outcome.status == .usage)
    #expect(outcome.requests.isEmpty)
    #expect(outcome.err.lowercased().contains(said.lowercased()), "\(outcome.err)")
  }

  @Test("Labels are not set over a fleet, and it says so")
  func labels() throws {
    let outcome = try perform(["update", "--label", "env=prod"])
    #expect(outcome.status == .usage)
    #expect(outcome.err.contains("Without --name, --label selects clusters; labels are set on one cluster at a time"))
    let named = try perform(["update", "-g", "rg", "-n", "web", "--label", "env=prod", "-y"])
    #expect(named.requests == [#"cluster.update {"resourceGroup":"rg","name":"web","labels":{"env":"prod"}}"#])
  }
}

extension String {
  /// How often `part` stands in this text.
  fileprivate func components(of part: String) -> Int {
    split(separator: part, omittingEmptySubsequences: false).count - 1
  }
}
