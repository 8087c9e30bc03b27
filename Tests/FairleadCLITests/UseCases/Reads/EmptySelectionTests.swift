// A list that is empty although clusters are recorded says what there is.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("An empty selection")
struct EmptySelectionTests {
  /// A daemon with three clusters in two groups, which no filter selects.
  private static func fleet(_ method: String, _ params: JSONObject) -> Result<JSON, Failure> {
    answer(
      method, params,
      [
        ("prod-rg", "web", ["env": "prod", "tier": "gold"]), ("prod-rg", "api", ["env": "prod"]),
        ("stg-rg", "web", ["env": "stg"]),
      ])
  }

  private static func answer(
    _ method: String, _ params: JSONObject, _ clusters: [(group: String, name: String, labels: [String: String])]
  ) -> Result<JSON, Failure> {
    guard method == "cluster.list", params["labels"] == nil, params["resourceGroup"] == nil,
      params["subscription"] == nil
    else { return .success(["items": []]) }
    return .success(
      [
        "items": .array(
          clusters.map { group, name, labels in
            var cluster = Sample.cluster()
            cluster = Cluster(
              key: ClusterKey(resourceGroup: group, name: name), revision: 1, config: cluster.config,
              facts: cluster.facts, labels: Labels(labels), createdAt: cluster.createdAt, updatedAt: cluster.updatedAt,
              updatedSeq: 3, deleted: false)
            return cluster.json
          })
      ])
  }

  @Test(
    "says what comes near, or what there is",
    arguments: [
      (["--label", "env=prd"], "no cluster has env=prd; env=prod has 2"),
      (["--label", "env=zzzzzz"], "no cluster has env=zzzzzz; env=prod has 2, env=stg has 1"),
      (["--label", "evn=prod"], "no cluster has evn=prod; none has a label 'evn'; did you mean 'env'?"),
      (
        ["--label", "env=stg", "--label", "tier=gold"],
        "no cluster has all of env=stg, tier=gold; env=stg has 1, tier=gold has 1"
      ),
      (["-g", "prd-rg"], "no cluster is in the resource group 'prd-rg'; prod-rg has 2"),
      (["-g", "zzzzzz"], "no cluster is in the resource group 'zzzzzz'; prod-rg has 2, stg-rg has 1"),
      (["-g", "stg-rg", "--label", "env=prod"], "no cluster in stg-rg has env=prod; env=stg has 1"),
      (["--subscription", "zzzzzz"], "no cluster is in the subscription 'zzzzzz'; default has 3"),
      (
        ["--label", "env=prod,tier=gold"],
        "no cluster has env=prod,tier=gold; for several labels give --label once for each: --label env=prod --label tier=gold"
      ),
    ])
  func explained(words: [String], note: String) throws {
    for command in [["list"], ["aks", "list", "-o", "table"]] {
      let outcome = try fairlead(command + words, answer: Self.fleet)
      #expect(outcome.status == .done)
      #expect(outcome.out.isEmpty)
      #expect(outcome.err == "fairlead: \(note)\n")
    }
  }

  @Test("names are shown as they are read, and a value in other bytes is another one")
  func bytes() throws {
    func note(_ words: String...) throws -> String {
      try fairlead(["list"] + words) { Self.answer($0, $1, [("Gr\u{F6}\u{DF}e", "web", ["unit": "\u{212B}"])]) }.err
    }
    #expect(
      try note("-g", "zzzzzz") == "fairlead: no cluster is in the resource group 'zzzzzz'; gr\u{F6}\u{DF}e has 1\n")
    let other = try note("--label", "unit=A\u{30A}")
    #expect(other.utf8.elementsEqual("fairlead: no cluster has unit=A\u{30A}; unit=\u{212B} has 1\n".utf8))
  }

  @Test("a fleet's change is refused with the same words")
  func fleetChange() throws {
    let outcome = try fairlead(["update", "--label", "env=prd", "-k", "1.34"], answer: Self.fleet)
    #expect(outcome.status == .notFound)
    #expect(outcome.err.contains("There is nothing to select: no cluster has env=prd; env=prod has 2"))
  }

  @Test("without a filter nothing is asked, and a script's output costs no second request")
  func noFilter() throws {
    #expect(try fairlead(["list"]) { _, _ in .success(["items": []]) }.requests.count == 1)
    let json = try fairlead(["list", "-o", "json", "--label", "env=prd"], answer: Self.fleet)
    #expect(json.requests.count == 1)
    #expect(json.err.isEmpty)
  }

  @Test("an empty log says which option has left nothing")
  func log() throws {
    func note(_ words: String...) throws -> String {
      try fairlead(["log"] + words) { method, _ in
        method == "change.list"
          ? .success(["items": []]) : .failure(refusal("not-found", "cannot find rg/wbe: did you mean 'rg/web'?"))
      }.err
    }
    #expect(try note() == "fairlead: no change is recorded\n")
    #expect(try note("--after", "99") == "fairlead: no change is recorded after change 99\n")
    #expect(try note("--kind", "extension") == "fairlead: no change of the kind extension is recorded\n")
    #expect(try note("-g", "rg", "-n", "wbe") == "fairlead: cannot find rg/wbe: did you mean 'rg/web'?\n")
  }

  @Test("an empty list of features names the provider that may be meant")
  func features() throws {
    let outcome = try fairlead(["feature", "list", "--namespace", "Microsoft.ContainerServce"]) { _, params in
      .success(["items": params["namespace"] == nil ? [Sample.feature(propagated: true).json] : []])
    }
    #expect(
      outcome.err
        == "fairlead: no feature of 'Microsoft.ContainerServce' was ever asked for; did you mean 'Microsoft.ContainerService'?\n"
    )
  }
}
