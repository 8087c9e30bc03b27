// The import table: what each module may import, and why no more.

import Testing

/// A module, where it lives, what it may import beside the standard library, and why no more.
struct Layer: CustomTestStringConvertible {
  let module: String
  let folder: String
  let mayImport: Set<String>
  let reason: String
  var testDescription: String { module }
}

extension Layer {
  static let all: [Layer] = [
    Layer(
      module: "ExactJSON", folder: "Sources/ExactJSON", mayImport: [],
      reason: "a value and its text need nothing"),
    Layer(
      module: "LinuxSupport", folder: "Sources/LinuxSupport", mayImport: ["CLinuxSupport", "Glibc"],
      reason: "what the kernel offers is the same for every module, so it knows none of them"),
    Layer(
      module: "LoadGenerator", folder: "Sources/LoadGenerator", mayImport: ["Glibc", "Histogram", "LinuxSupport"],
      reason: "a load generator that shared the daemon's code would measure itself; what it shares starts programs and "
        + "connects sockets, and is on no request's path but for the clock"),
    Layer(
      module: "FairleadModel", folder: "Sources/FairleadModel", mayImport: ["ExactJSON"],
      reason: "every other module uses the vocabulary, so it may use none of them, and it asks no kernel"),
    Layer(
      module: "FairleadFormats", folder: "Sources/FairleadFormats", mayImport: ["ExactJSON", "FairleadModel"],
      reason: "a document is read the same way on either side of the socket"),
    Layer(
      module: "FairleadWire", folder: "Sources/FairleadWire", mayImport: ["ExactJSON", "FairleadModel"],
      reason: "the protocol has no behaviour and no socket, so that the command can link it"),
    Layer(
      module: "FairleadImpact", folder: "Sources/FairleadImpact", mayImport: ["FairleadModel", "Synchronization"],
      reason: "a rule sees the change and the facts: no clock, no store, no text format"),
    Layer(
      module: "FairleadStore", folder: "Sources/FairleadStore",
      mayImport: [
        "Dispatch", "ExactJSON", "FairleadModel", "GRDB", "GRDBSQLite", "Glibc", "HashTreeCollections", "LinuxSupport",
        "Synchronization",
      ],
      reason: "the ledger keeps records; it knows neither who asks for them nor how they are judged"),
    Layer(
      module: "FairleadService", folder: "Sources/FairleadService",
      mayImport: [
        "Crypto", "DequeModule", "Dispatch", "ExactJSON", "FairleadImpact", "FairleadModel", "FairleadStore",
        "HeapModule", "Synchronization",
      ],
      reason: "the service plans and commits; it knows no wire, no socket and no kernel"),
    Layer(
      module: "FairleadServer", folder: "Sources/FairleadServer",
      mayImport: [
        "DequeModule", "Dispatch", "ExactJSON", "FairleadModel", "FairleadService", "FairleadStore", "FairleadWire",
        "Glibc", "LinuxSupport", "NIOCore", "NIOPosix", "Synchronization",
      ],
      reason: "the server binds the wire to the service, and judges nothing itself"),
    Layer(
      module: "fairleadd", folder: "Sources/fairleadd",
      mayImport: [
        "ArgumentParser", "Dispatch", "FairleadModel", "FairleadServer", "Foundation", "Glibc", "LinuxSupport",
      ],
      reason: "the program reads flags, writes the log and waits for signals"),
    Layer(
      module: "FairleadPages", folder: "Clients/cli/FairleadPages",
      mayImport: ["ExactJSON", "FairleadModel", "Mustache"],
      reason: "a page is made of the report alone: no clock, no file, no network"),
    Layer(
      module: "FairleadCLI", folder: "Clients/cli/FairleadCLI",
      mayImport: [
        "ArgumentParser", "ExactJSON", "FairleadFormats", "FairleadModel", "FairleadPages", "FairleadWire", "Glibc",
        "LinuxSupport", "LoadGenerator", "Yams",
      ],
      reason: "the command knows the registry only through the socket, and starts without Foundation"),
    Layer(
      module: "fairlead", folder: "Clients/cli/fairlead", mayImport: ["FairleadCLI", "Glibc"],
      reason: "the program passes its arguments on"),
    Layer(
      module: "FairleadBench", folder: "Sources/FairleadBench",
      mayImport: [
        "ExactJSON", "FairleadImpact", "FairleadModel", "FairleadWire", "GRDBSQLite", "Glibc", "LinuxSupport",
        "LoadGenerator",
      ],
      reason: "it measures whole programs over their socket, and the rules and SQLite alone"),
    Layer(
      module: "NIOEchoServer", folder: "Sources/NIOEchoServer", mayImport: ["Glibc", "NIOCore", "NIOPosix"],
      reason: "the ceiling is what NIO alone can do"),
    Layer(
      module: "DaemonTestSupport", folder: "Tests/Verification/DaemonTestSupport",
      mayImport: ["ExactJSON", "Foundation", "Glibc", "LinuxSupport"],
      reason: "whole programs are tested from outside, as anybody would use them"),
    Layer(
      module: "LedgerTestSupport", folder: "Tests/Verification/LedgerTestSupport",
      mayImport: ["Foundation", "GRDB", "Synchronization"],
      reason: "a ledger's file is read and written as any other program would"),
    Layer(
      module: "HistoryChecker", folder: "Tests/Verification/HistoryChecker",
      mayImport: ["DaemonTestSupport", "ExactJSON", "Foundation", "Synchronization"],
      reason: "what checks the daemon shares none of its code but the reading of JSON"),
    Layer(
      module: "Soak", folder: "Tests/Verification/Soak",
      mayImport: ["DaemonTestSupport", "Foundation", "HistoryChecker"],
      reason: "the program runs rounds of the checker, and judges what they cost"),
    Layer(
      module: "FaultyDaemon", folder: "Tests/Verification/FaultyDaemon",
      mayImport: ["Dispatch", "FairleadServer", "FairleadService", "Foundation"],
      reason: "the program is the daemon, with a fault for its checker to find"),
  ]
}
