// The fast path for common command lines: it reads them like the argument parser, and leaves all others to that.

internal import DaemonTestSupport
internal import ArgumentParser
@testable internal import FairleadCLI
internal import Testing

@Suite("The fast path")
struct FastPathTests {
  /// The parser's result, as text that names every value.
  private static func parsed(_ words: [String]) throws -> String? {
    func text<Command: ActionCommand>(_ command: Command) -> String { String(reflecting: command.action) }
    return (try CommandLineProgram.command(for: words) as? any ActionCommand).map { text($0) }
  }

  private static func fast(_ words: [String]) -> String? {
    FastPath.action(for: words).map { String(reflecting: $0) }
  }

  @Test(
    "a simple command line is read on the fast path, with the parser's result",
    arguments: [
      ["show", "-g", "prod", "-n", "web"], ["show", "--name", "web", "--resource-group", "prod", "-o", "JSON"],
      ["show", "-g", "prod", "-n", "web", "--revision", "3", "--subscription", "s", "--socket", "/tmp/s"],
      ["show", "-g", "prod", "-n", "", "--at", "2026-11-22T21:00:00Z"], ["list"],
      ["list", "-g", "prod", "--label", "tier=gold", "--limit", "5"], ["history", "-g", "prod", "-n", "web"],
      ["history", "-g", "prod", "-n", "web", "--format", "html", "--limit", "2"],
      ["log", "--after", "12", "-o", "tsv"],
      ["report", "42"], ["report", "-o", "json", "42", "--format", "markdown"], ["status"], ["status", "-o", "none"],
      ["status", "--timeout", "30"],
    ])
  func understood(words: [String]) throws {
    let fast = Self.fast(words)
    #expect(fast != nil)
    #expect(try Self.parsed(words) == fast)
  }

  @Test(
    "every other command line is left to the parser",
    arguments: [
      [], ["--help"], ["--version"], ["show"], ["show", "--help"], ["show", "-g", "prod"],
      ["show", "-gprod", "-n", "web"],
      ["show", "--name=web", "-g", "prod"], ["show", "-g", "prod", "-n", "web", "x"], ["-o", "json", "status"],
      ["show", "-g", "prod", "-g", "prod", "-n", "web"], ["show", "-g", "-n", "web", "prod"],
      ["show", "-g", "prod", "-n", "web", "--revision", "three"],
      ["show", "-g", "prod", "-n", "web", "--revision", "-1"],
      ["show", "-g", "prod", "-n", "web", "-o", "xml"], ["list", "--limit", "0"], ["log", "--follow"], ["report"],
      ["report", "x"], ["report", "1", "2"], ["status", "--", "x"], ["status", "-o"], ["status", "--timeout", "0"],
      ["update", "-g", "a", "-n", "b"],
      ["history", "-g", "prod", "-n", "web", "--format", "HTML"], ["aks", "show", "-g", "prod", "-n", "web"],
    ] as [[String]])
  func left(words: [String]) { #expect(Self.fast(words) == nil) }

  @Test(
    "for every command line that the fast path reads, the parser has the same result",
    arguments: [20_261_123, 7, 4_041])
  func agreement(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let vocabulary = [
      "show", "list", "history", "log", "report", "status", "-g", "-n", "-o", "--resource-group", "--name", "--output",
      "--socket", "--subscription", "--revision", "--at", "--after", "--limit", "--label", "--format", "--follow", "-f",
      "--help", "--", "-", "web", "prod", "json", "TEXT", "html", "markdown", "3", "0", "-1", "+2", "", "a=b",
      "--name=x",
      "-gprod", "help",
    ]
    let frames = [
      ["show", "-g", "prod", "-n", "web"], ["history", "-n", "web", "-g", "prod"], ["list"], ["log"], ["report", "3"],
      ["status"],
    ]
    var understood = 0
    for _ in 0..<300 {
      var words = frames[random.below(frames.count)]
      for _ in 0..<random.below(5) {
        words.insert(vocabulary[random.below(vocabulary.count)], at: random.below(words.count) + 1)
      }
      guard let fast = Self.fast(words) else { continue }
      understood += 1
      #expect(try Self.parsed(words) == fast, "seed \(seed): \(words)")
    }
    #expect(understood > 30, "seed \(seed)")
  }
}
