// Facts and az's flags on the command line, and the request parameters for them.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("Options")
struct OptionTests {
  /// A valid value for a fact, and the same on the wire.
  private static func sample(_ key: FactKey) -> (text: String, json: JSON) {
    switch key.kind {
    case .version: ("1.33.2", "1.33.2")
    case .count: ("7", 7)
    case .bool: ("true", true)
    case .word(let words): (words[0], .string(words[0]))
    }
  }

  @Test(
    "every fact has the flag that the vocabulary names, on every command that takes facts",
    arguments: [
      ["create"], ["update"], ["plan", "create"], ["plan", "update"], ["aks", "create"], ["aks", "update"],
    ])
  func flags(command: [String]) throws {
    let samples = FactKey.allCases.map { (key: $0, sample: Self.sample($0)) }
    let words = samples.flatMap { [$0.key.flag, $0.sample.text] }
    let parsed = try CommandLineProgram.command(for: command + ["-g", "g", "-n", "n"] + words)
    let facts = try #require(
      (parsed as? CreateCommand)?.options.facts ?? (parsed as? UpdateCommand)?.options.facts
        ?? (parsed as? PlanCreateCommand)?.options.facts ?? (parsed as? PlanUpdateCommand)?.options.facts
        ?? (parsed as? AksCreateCommand)?.options.facts ?? (parsed as? AksUpdateCommand)?.options.facts)
    #expect(
      try facts.parameters()
        == JSONObject(samples.map { JSONObject.Member(key: $0.key.rawValue, value: $0.sample.json) }))
  }

  @Test("an empty value and the word 'unknown' clear a fact", arguments: FactKey.allCases)
  func clearing(key: FactKey) throws {
    for text in ["", "unknown", "Unknown"] { #expect(try FactOptions.value(text, for: key) == .null) }
  }

  @Test("-k and -c are az's short forms")
  func shortForms() throws {
    let outcome = try fairlead("update", "-g", "g", "-n", "n", "-k", "1.33", "-c", "3", "-y")
    #expect(
      outcome.requests == [
        #"cluster.update {"resourceGroup":"g","name":"n","facts":{"kubernetesVersion":"1.33","nodeCount":3}}"#
      ])
  }

  @Test(
    "a version is accepted as kubectl prints it",
    arguments: [("v1.34.2", "1.34.2"), ("5.15.0-1089-azure", "5.15.0"), ("1.33", "1.33"), ("1.30.4+k3s1", "1.30.4")])
  func printedVersions(text: String, version: String) throws {
    #expect(try FactOptions.value(text, for: .minKernelVersion) == .string(version))
  }

  @Test(
    "a value that a fact cannot have is a usage error that names the flag",
    arguments: [
      (.nodeCount, "many", "cannot take 'many' for --node-count: it is a whole number, or unknown"),
      (.nodeCount, "-1", "cannot take -1 for --node-count: it is from 0 to 2147483647"),
      (.windowsNodes, "yes", "cannot take 'yes' for --windows-nodes: it is true or false, or unknown"),
      (
        .kubernetesVersion, "banana",
        "cannot take 'banana' for --kubernetes-version: it is a version of dotted numbers, such as 1.33.2"
      ),
    ] as [(FactKey, String, String)])
  func badFacts(key: FactKey, text: String, message: String) {
    #expect(throws: Failure.usage(message)) { try FactOptions.value(text, for: key) }
  }

  @Test(
    "a number that no count is, is refused for what it is",
    arguments: [
      ("99999999999999999999", "it is a whole number from 0 to 2147483647"),
      ("900.0", "it is a whole number from 0 to 2147483647, written without fraction and exponent"),
    ])
  func badCounts(text: String, reason: String) {
    #expect(throws: Failure.usage("cannot take \(text) for --node-count: \(reason)")) {
      try FactOptions.value(text, for: .nodeCount)
    }
  }

  @Test(
    "a negative number is the value of its option, and is refused for what it is",
    arguments: [
      (["update", "-g", "rg", "-n", "web", "-c", "-5"], "cannot take -5 for --node-count: it is from 0 to 2147483647"),
      (
        ["update", "-g", "rg", "-n", "web", "--node-count", "-5"],
        "cannot take -5 for --node-count: it is from 0 to 2147483647"
      ),
      (
        ["aks", "update", "-g", "rg", "-n", "web", "-c", "-5"],
        "cannot take -5 for --node-count: it is from 0 to 2147483647"
      ),
      (
        ["create", "-g", "rg", "-n", "web", "-k", "-1.33"],
        "cannot take '-1.33' for --kubernetes-version: it is a version of dotted numbers, such as 1.33.2"
      ),
    ])
  func negativeFacts(words: [String], message: String) throws {
    let outcome = try fairlead(words)
    #expect(outcome.err == "fairlead: \(message)\n")
    #expect(outcome.status == .usage)
  }

  @Test("the daemon refuses the negative numbers that it is sent, and the parser those that it converts")
  func negativeNumbers() throws {
    #expect(try fairlead("log", "--after", "-1").requests == [#"change.list {"after":-1,"limit":1000}"#])
    #expect(
      try fairlead("show", "-g", "rg", "-n", "web", "--revision", "-1").requests
        == [#"cluster.get {"resourceGroup":"rg","name":"web","revision":-1}"#])
    let refused = #expect(throws: (any Error).self) { try CommandLineProgram.command(for: ["list", "--limit", "-1"]) }
    #expect(refused.map { Fairlead.message(for: $0) } == "--limit is 1 or more.")
  }

  @Test(
    "only a number is joined to the option before it",
    arguments: [
      (["-c", "-5"], ["-c=-5"]), (["--limit", "-1", "x"], ["--limit=-1", "x"]), (["-c", "--yes"], ["-c", "--yes"]),
      (["call", "m", "-5"], ["call", "m", "-5"]), (["--limit=3", "-1"], ["--limit=3", "-1"]),
      (["-", "-1"], ["-", "-1"]),
      (["-m", "-off"], ["-m", "-off"]), (["--", "-c", "-5"], ["--", "-c", "-5"]), (["-1", "-1"], ["-1", "-1"]),
      (["-c", "-5", "--", "-n", "-5"], ["-c=-5", "--", "-n", "-5"]),
    ])
  func joined(words: [String], joined: [String]) { #expect(joiningNegativeNumbers(words) == joined) }

  @Test("words in letters of other scripts are not taken for those that look the same")
  func otherScripts() {
    #expect(throws: Failure.self) { try FactOptions.value("\u{212A}ubenet", for: .networkPlugin) }
    #expect(RuleBook.section(of: "l\u{131}fe-01") == nil)
  }

  @Test("values are compared without regard to case, as az does")
  func wordCase() throws { #expect(try FactOptions.value("Azure", for: .networkPolicy) == "azure") }

  @Test("az's provisioning flags are ignored with their values")
  func provisioning() throws {
    #expect(
      try AzFlags.ignored(
        [
          "--generate-ssh-keys", "-l", "westeurope", "--zones", "1", "2", "3", "--tags", "a=b", "c=d", "--no-wait",
          "--enable-vtpm", "true", "--node-vm-size=Standard_B2s", "--zones", "1", "--tags",
        ], own: []) == [
          "--generate-ssh-keys", "-l", "--zones", "--tags", "--no-wait", "--enable-vtpm", "--node-vm-size",
        ])
  }

  @Test("a misspelt flag under aks is not taken for a provisioning flag, and gets a suggestion")
  func misspelt() {
    #expect(
      throws: Failure.usage(
        "cannot take '--kube-proxy-confg': there is no such option; did you mean '--kube-proxy-config'?")
    ) {
      try AzFlags.ignored(["--kube-proxy-confg", "x"], own: AksUpdateCommand.changeFlags)
    }
    #expect(throws: Failure.usage("cannot take 'stray' here: there is no such argument")) {
      try AzFlags.ignored(["--no-wait", "stray"], own: [])
    }
    #expect(throws: Failure.usage("cannot take '--location' without a value")) {
      try AzFlags.ignored(["--location"], own: [])
    }
  }

  @Test("the output format is the option's, else FAIRLEAD_OUTPUT's, else the command's default, without regard to case")
  func output() throws {
    func output(_ words: [String], _ environment: [String: String]) throws -> Output {
      let command = try #require(try CommandLineProgram.command(for: words))
      return try command.common.output(
        default: type(of: command).defaultOutput, environment: Environment(environment))
    }
    #expect(try output(["status"], [:]) == .text)
    #expect(try output(["aks", "list"], [:]) == .json)
    #expect(try output(["status"], ["FAIRLEAD_OUTPUT": "YAML"]) == .yaml)
    #expect(try output(["status", "-o", "TSV"], ["FAIRLEAD_OUTPUT": "yaml"]) == .tsv)
    #expect(try output(["-o", "none", "aks", "list"], [:]) == .none)
    #expect(throws: Failure.self) { try output(["status"], ["FAIRLEAD_OUTPUT": "xml"]) }
  }
}
