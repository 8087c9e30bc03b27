// Which options a change of one cluster accepts, and which a change of a fleet.

internal import Testing

@testable internal import FairleadCLI

@Suite("One cluster or many")
struct FleetOptionTests {
  @Test(
    "An option that does not fit a fleet, or one cluster, is a usage error, and no request is sent",
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
    let outcome = try fairlead(["update", "--node-count", "3"] + words)
    #expect(outcome.status == .usage)
    #expect(outcome.requests.isEmpty)
    #expect(outcome.err.lowercased().contains(said.lowercased()), "\(outcome.err)")
  }

  @Test("Setting labels over a fleet is a usage error that says so")
  func labels() throws {
    let outcome = try fairlead(["update", "--label", "env=prod"])
    #expect(outcome.status == .usage)
    #expect(outcome.err.contains("Without --name, --label selects clusters; labels are set on one cluster at a time"))
    let named = try fairlead(["update", "-g", "rg", "-n", "web", "--label", "env=prod", "-y"])
    #expect(named.requests == [#"cluster.update {"resourceGroup":"rg","name":"web","labels":{"env":"prod"}}"#])
  }
}
