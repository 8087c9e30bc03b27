// The commands of the AKS article, run as printed there except for the program's name.

import Foundation
import Testing

@Suite("The article's commands", .timeLimit(.minutes(10)))
struct SeedCommandsTests {
  private static let fixture = "Tests/Fixtures/seed/commands.sh"

  @Test("run verbatim, with az replaced by fairlead and the placeholders filled in")
  func run() throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    try scratch.write(try Repository.text("Tests/Fixtures/seed/ipvs.json"), to: "kube-proxy.json")
    var script = try Repository.text(Self.fixture)
    script = script.replacing(#/(?m)^az /#, with: "fairlead ")
    script = script.replacing("<resourceGroup>", with: "myResourceGroup").replacing("<clusterName>", with: "myCluster")
    // The article's update sends the file that its create has sent; another mode shows that it arrives.
    let halves = script.split(separator: "# Update an existing cluster", maxSplits: 1).map(String.init)
    #expect(halves.count == 2)
    let shell = """
      set -e
      \(halves[0])
      echo '{"enabled": true, "mode": "NFTABLES"}' > kube-proxy.json
      \(halves[1])
      """
    let path = Programs.folder.path(percentEncoded: false) + ":/usr/bin:/bin"
    let finished = try Programs.run(
      "sh", ["-c", shell], in: scratch, environment: ["PATH": path, "FAIRLEAD_SOCKET": daemon.socket])
    #expect(finished.status == 0, "\(finished.errors)")
    #expect(finished.errors.contains("--generate-ssh-keys"))
    let show = try daemon.fairlead([
      "aks", "show", "--resource-group", "myResourceGroup", "--name", "myCluster", "-o", "json",
    ])
    #expect(show.output.contains(#""mode": "NFTABLES""#))
    let history = try daemon.fairlead(["history", "-g", "myResourceGroup", "-n", "myCluster", "-o", "tsv"])
    #expect(history.output.split(separator: "\n").count == 2)
  }

  @Test("are those of the article's source, where a copy is beside the checkout")
  func fixtureIsTheArticle() throws {
    let folder = Repository.root.deletingLastPathComponent().appending(path: "shared/seed")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    // Without the article beside the checkout there is nothing to compare the fixture with.
    guard let name = names.first else { return }
    let article = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    let blocks = article.matches(of: /(?s)```azurecli-interactive\n(.*?)```/).map { String($0.1) }
    #expect(blocks.count == 6)
    let commands = blocks.map { block in
      // The code blocks are indented, as part of a list.
      block.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.hasPrefix("    ") ? String(line.dropFirst(4)) : String(line)
      }.joined(separator: "\n")
    }.joined()
    #expect(try commands == Repository.text(Self.fixture))
  }
}
