// Who may import whom, and what no file may do: the architecture as something that fails.

import Foundation
import Testing

@Suite("Architecture")
struct ArchitectureTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A module, where it lives, what it may import beside the standard library, and why no more.
  struct Layer: CustomTestStringConvertible {
    let module: String
    let folder: String
    let mayImport: Set<String>
    let reason: String
    var testDescription: String { module }
  }

  static let layers: [Layer] = [
    Layer(
      module: "ExactJSON", folder: "Sources/ExactJSON", mayImport: [],
      reason: "a value and its text need nothing"),
    Layer(
      module: "FairleadModel", folder: "Sources/FairleadModel", mayImport: ["ExactJSON"],
      reason: "the vocabulary stands under everything, so nothing may stand under it"),
    Layer(
      module: "LinuxSupport", folder: "Sources/LinuxSupport", mayImport: ["Glibc"],
      reason: "what the kernel says is the same whoever asks"),
    Layer(
      module: "FairleadImpact", folder: "Sources/FairleadImpact", mayImport: ["FairleadModel", "Synchronization"],
      reason: "a rule sees the change and the facts: no clock, no store, no text format"),
    Layer(
      module: "FairleadFormats", folder: "Sources/FairleadFormats", mayImport: ["ExactJSON", "FairleadModel"],
      reason: "documents are read the same on either side of the socket"),
    Layer(
      module: "FairleadWire", folder: "Sources/FairleadWire", mayImport: ["ExactJSON", "FairleadModel"],
      reason: "the protocol has no behaviour and no socket, so that the command can link it"),
    Layer(
      module: "FairleadStore", folder: "Sources/FairleadStore",
      mayImport: [
        "ExactJSON", "FairleadModel", "LinuxSupport", "GRDB", "GRDBSQLite", "Glibc", "HashTreeCollections",
        "Synchronization",
      ],
      reason: "the ledger keeps records and does not know who asks for them, nor how they are judged"),
    Layer(
      module: "FairleadService", folder: "Sources/FairleadService",
      mayImport: [
        "Crypto", "DequeModule", "Dispatch", "FairleadImpact", "ExactJSON", "FairleadModel", "FairleadStore",
        "Synchronization",
      ],
      reason: "the service plans and commits; it knows no wire and no socket"),
    Layer(
      module: "FairleadServer", folder: "Sources/FairleadServer",
      mayImport: [
        "DequeModule", "Dispatch", "ExactJSON", "FairleadModel", "FairleadService", "FairleadStore",
        "LinuxSupport",
        "FairleadWire", "Glibc", "NIOCore", "NIOPosix", "Synchronization",
      ],
      reason: "the server binds the wire to the service, and judges nothing itself"),
    Layer(
      module: "fairleadd", folder: "Sources/fairleadd",
      mayImport: ["ArgumentParser", "Dispatch", "FairleadModel", "FairleadServer", "Foundation", "Glibc"],
      reason: "the program reads flags and waits for a signal"),
    Layer(
      module: "FairleadPages", folder: "Clients/cli/FairleadPages",
      mayImport: ["ExactJSON", "FairleadModel", "Mustache"],
      reason: "a page is made of the report alone: no clock, no file, no network"),
    Layer(
      module: "LoadGenerator", folder: "Sources/LoadGenerator", mayImport: ["Glibc", "Histogram"],
      reason: "a load generator that shared code with the daemon would measure itself"),
    Layer(
      module: "FairleadCLI", folder: "Clients/cli/FairleadCLI",
      mayImport: [
        "ArgumentParser", "FairleadFormats", "ExactJSON", "LoadGenerator", "FairleadModel", "FairleadPages",
        "FairleadWire", "Glibc", "Yams",
      ],
      reason: "the command knows the registry only through the socket"),
    Layer(
      module: "fairlead", folder: "Clients/cli/fairlead", mayImport: ["FairleadCLI", "Glibc"],
      reason: "the program hands its arguments over"),
    Layer(
      module: "FairleadBench", folder: "Sources/FairleadBench",
      mayImport: [
        "FairleadImpact", "ExactJSON", "LoadGenerator", "FairleadModel", "FairleadWire", "GRDBSQLite", "Glibc",
      ],
      reason: "what is measured is the programs, over their socket, and the judge and SQLite alone"),
    Layer(
      module: "NIOEchoServer", folder: "Sources/NIOEchoServer", mayImport: ["Glibc", "NIOCore", "NIOPosix"],
      reason: "the ceiling is NIO and nothing else"),
    Layer(
      module: "DaemonTestSupport", folder: "Tests/Verification/DaemonTestSupport",
      mayImport: ["ExactJSON", "Foundation", "Glibc"],
      reason: "whole programs are tried from outside, as anybody would use them"),
    Layer(
      module: "LedgerTestSupport", folder: "Tests/Verification/LedgerTestSupport",
      mayImport: ["DaemonTestSupport", "Foundation", "GRDB"],
      reason: "a ledger's file is looked at as any other program would"),
    Layer(
      module: "HistoryChecker", folder: "Tests/Verification/HistoryChecker",
      mayImport: ["ExactJSON", "DaemonTestSupport", "Foundation", "Synchronization"],
      reason: "whoever checks the daemon shares none of its code but the reading of JSON"),
    Layer(
      module: "Soak", folder: "Tests/Verification/Soak",
      mayImport: ["HistoryChecker", "DaemonTestSupport", "Foundation"],
      reason: "the program runs rounds of the checker, and judges what they cost"),
    Layer(
      module: "FaultyDaemon", folder: "Tests/Verification/FaultyDaemon",
      mayImport: ["Dispatch", "FairleadServer", "FairleadService", "Foundation"],
      reason: "the program is the daemon, with a fault for its checker to find"),
  ]

  private static func swiftFiles(in folder: String) throws -> [(path: String, text: String)] {
    let base = root.appending(path: folder)
    let names =
      FileManager.default.enumerator(atPath: base.path(percentEncoded: false))?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      ("\(folder)/\(name)", try String(contentsOf: base.appending(path: name), encoding: .utf8))
    }
  }

  private static func imports(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index <= 2, !line.hasPrefix("//") else { return nil }
      // `import struct Module.Name` names its module second.
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let rest = words[(index + 1)...].filter { !kinds.contains($0) }
      return rest.first.map { String($0.prefix { $0 != "." }) }
    }
  }

  @Test("every layer imports only what it may", arguments: layers)
  func imports(layer: Layer) throws {
    let files = try Self.swiftFiles(in: layer.folder)
    #expect(!files.isEmpty)
    for file in files {
      for module in Self.imports(file.text) {
        #expect(layer.mayImport.contains(module), "\(file.path) imports \(module): \(layer.reason)")
      }
    }
  }

  @Test("every target of the package has a layer")
  func complete() throws {
    let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    let targets = manifest.matches(of: /\.(?:target|executableTarget)\(\s*name: "(\w+)"/).map { String($0.1) }
    #expect(Set(targets) == Set(Self.layers.map(\.module)))
  }

  @Test("no file of the product forces, traps or shouts an unfinished thing without its reason")
  func noTraps() throws {
    for folder in ["Sources", "Clients"] {
      for file in try Self.swiftFiles(in: folder) {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
          let hasReason = line.contains("//") || (number > 0 && lines[number - 1].contains("//"))
          for trap in ["try!", "fatalError(", "as! ", "nonisolated(unsafe)", "@unchecked Sendable", "@preconcurrency"]
          where line.contains(trap) {
            #expect(hasReason, "\(file.path):\(number + 1) has \(trap) without its reason beside it")
          }
          for word in ["TODO", "FIXME", "XXX"] where line.contains(word) {
            Issue.record("\(file.path):\(number + 1) has \(word)")
          }
        }
      }
    }
  }

  @Test("every file opens with the sentence that says what it is for")
  func openings() throws {
    for folder in ["Sources", "Clients", "Tests"] {
      for file in try Self.swiftFiles(in: folder) {
        #expect(file.text.hasPrefix("// "), "\(file.path)")
      }
    }
  }

  @Test("no clock, random number or environment in what must be the same each time")
  func purity() throws {
    for folder in [
      "Sources/FairleadImpact", "Sources/FairleadModel", "Sources/ExactJSON", "Sources/FairleadWire",
      "Clients/cli/FairleadPages",
    ] {
      for file in try Self.swiftFiles(in: folder) {
        for impure in ["Date(", ".random(", "getenv", "clock_gettime", "ContinuousClock", "ProcessInfo"] {
          #expect(!file.text.contains(impure), "\(file.path) has \(impure)")
        }
      }
    }
  }

  @Test("errors are told apart by symbols, never by their text")
  func noTextMatching() throws {
    for folder in ["Sources", "Clients"] {
      for file in try Self.swiftFiles(in: folder) {
        for match in [
          "message.contains(\"", "message.hasPrefix(", "localizedDescription.contains", "description.contains(",
        ] {
          #expect(!file.text.contains(match), "\(file.path) has \(match)")
        }
      }
    }
  }
}
