// The hints that the command adds to a refusal: command lines, which the daemon's message does not name.

internal import ExactJSON
internal import Testing

@testable internal import FairleadCLI

@Suite("Hints for a refusal")
struct RefusalHintsTests {
  /// The hints of the command `words` where every request is refused with `kind`.
  private func hints(
    _ words: [String], _ kind: String, _ members: KeyValuePairs<String, JSON> = [:]
  ) throws -> [String] {
    let outcome = try fairlead(words) { _, _ in .failure(refusal(kind, "cannot do this", members)) }
    let lines = outcome.err.split(separator: "\n").map(String.init)
    let message = try #require(lines.firstIndex(of: "fairlead: cannot do this"))
    return lines[(message + 1)...].map { String($0.dropFirst(2)) }
  }

  private static let web = ["-g", "prod", "-n", "web"]

  @Test(
    "a missing cluster: how to list the existing ones, and how to restore a deleted one",
    arguments: [
      ["show"], ["update", "-c", "3", "-y"], ["delete", "-y"], ["confirm"], ["diff"], ["history"], ["log"],
      ["aks", "show"],
    ])
  func missingCluster(words: [String]) throws {
    #expect(
      try hints(words + Self.web + ["--subscription", "s"], "not-found", ["azureCode": "ResourceNotFound"]) == [
        "'fairlead list' shows the clusters that exist; "
          + "'fairlead rollback --subscription s -g prod -n web' brings a deleted one back."
      ])
  }

  @Test("a rollback that finds no cluster does not suggest a rollback")
  func missingForRollback() throws {
    #expect(
      try hints(["rollback", "-y"] + Self.web, "not-found", ["azureCode": "ResourceNotFound"]) == [
        "'fairlead list' shows the clusters that exist."
      ])
  }

  @Test("a missing revision does not get the hints for a missing cluster")
  func missingRevision() throws {
    #expect(try hints(["show", "--revision", "9"] + Self.web, "not-found") == [])
  }

  @Test("an extension that is not on record: how to add it", arguments: ["show", "update"])
  func missingExtension(verb: String) throws {
    #expect(
      try hints(["extension", verb, "-n", "aks-preview"], "not-found") == [
        "'fairlead extension add --name aks-preview' adds it."
      ])
  }

  /// A report in which `rules` block the change.
  private func report(blockedBy rules: [String], overridden: [String] = []) -> JSON {
    [
      "formatVersion": 1, "subject": "prod/web", "verdict": "blocked", "summary": "update prod/web", "notes": [],
      "overridden": .array(overridden.map { .string($0) }), "diff": [],
      "findings": .array(
        rules.map { rule in
          [
            "rule": .string(rule), "severity": "blocked", "certainty": "will", "title": "t", "detail": "d",
            "remedy": "r", "verify": "v", "source": "s", "folds": [], "standing": false,
          ]
        }), "prerequisites": [], "estimates": [:], "affected": ["clusters": 1], "sequence": [],
    ]
  }

  private let update = ["update", "-c", "3", "-y"] + web

  @Test("rules that can be overridden: the options that do it")
  func overridable() throws {
    let nothing = "Nothing was recorded."
    #expect(
      try hints(update, "blocked", ["report": report(blockedBy: ["ENV-01", "POL-01"])]) == [
        nothing, "To record it anyway: --override ENV-01 --override POL-01 -m WHY",
      ])
    #expect(
      try hints(update, "blocked", ["report": report(blockedBy: ["ENV-01", "POL-01"], overridden: ["ENV-01"])]) == [
        nothing, "To record it anyway: --override POL-01 -m WHY",
      ])
  }

  @Test("a rule that cannot be overridden: no hint")
  func notOverridable() throws {
    #expect(
      try hints(update, "blocked", ["report": report(blockedBy: ["ENV-01", "VAL-01"])]) == ["Nothing was recorded."])
  }

  @Test("a change that waits to be confirmed: how to keep it, and how to go back")
  func pending() throws {
    let waits: KeyValuePairs<String, JSON> = ["path": "pendingConfirm", "expected": 0, "actual": 6]
    #expect(
      try hints(update, "conflict", waits) == [
        "'fairlead confirm -g prod -n web' keeps it; 'fairlead rollback -g prod -n web' goes back."
      ])
    let late: KeyValuePairs<String, JSON> = ["path": "pendingConfirm", "expected": 6, "actual": 0]
    #expect(try hints(["confirm"] + Self.web, "conflict", late) == [])
  }

  @Test("a rollback right after a revert: how to name a revision")
  func afterRevert() throws {
    #expect(
      try hints(["rollback", "-y"] + Self.web, "conflict", ["path": "toRevision", "expected": 2, "actual": 3]) == [
        "To go on to another revision, name it with --to-revision."
      ])
  }
}
