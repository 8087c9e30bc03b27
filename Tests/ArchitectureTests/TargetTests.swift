// Each module has its tests, and no file of the product is too long to be read in one go.

import Testing

@Suite("Targets and files")
struct TargetTests {
  /// The test targets, in the manifest's order. An empty list fails `everyModule`.
  static let tests = (try? SourceTree.targets().tests) ?? []

  /// Modules without a test target of their own, and what tests them instead.
  static let testedElsewhere: [String: String] = [
    "CLinuxSupport": "declarations of the C library's functions; LinuxSupportTests call them",
    "DaemonTestSupport": "what tests are written with; each of them would fail with it",
    "FairleadBench": "a program that scripts/bench runs; LoadGeneratorTests cover what it measures with",
    "FaultyDaemon": "the daemon with a fault; HistoryCheckerTests run it and expect the fault to be found",
    "LedgerTestSupport": "what tests of the file are written with; each of them would fail with it",
    "NIOEchoServer": "a program that scripts/bench-peers runs, with nothing in it but NIO",
    "Soak": "a program that runs rounds of HistoryChecker, which has tests",
    "fairlead": "a program of one line; EndToEndTests run it",
    "fairleadd": "a program that reads flags; EndToEndTests run it",
  ]

  /// Test targets that mirror no module.
  static let mirrorsNone: [String: String] = [
    "ArchitectureTests": "it reads the whole repository",
    "EndToEndTests": "it runs the programs as their users do",
  ]

  @Test("every module has a test target of its name, or something else that tests it")
  func everyModule() throws {
    let (products, tests) = try SourceTree.targets()
    let mirrored = Set(tests).subtracting(Self.mirrorsNone.keys).map { String($0.dropLast("Tests".count)) }
    let named = Set(mirrored).union(Self.testedElsewhere.keys)
    #expect(Set(products).subtracting(named) == [], "modules without tests")
    #expect(named.subtracting(products) == [], "tests of a module that does not exist")
    #expect(Set(mirrored).intersection(Self.testedElsewhere.keys) == [], "exceptions that are none any more")
    #expect(Set(Self.mirrorsNone.keys).isSubset(of: tests))
  }

  @Test("no file of the product has more than 250 lines")
  func length() throws {
    for folder in ["Sources", "Clients"] {
      for file in try SourceTree.swiftFiles(in: folder) {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        #expect(lines <= 250, "\(file.path) has \(lines) lines")
      }
    }
  }
}
