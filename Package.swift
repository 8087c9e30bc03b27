// swift-tools-version:6.2
//
// Each section is a module followed by its tests. Sections are ordered so that a module only depends on those above it.
import PackageDescription

let package = Package(
  name: "Fairlead",
  products: [
    .executable(name: "fairleadd", targets: ["fairleadd"]),
    .executable(name: "fairlead", targets: ["fairlead"]),
  ],
  // docs/dependencies.md gives the reason for each of these in one line.
  dependencies: [
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // MARK: What does not know Fairlead

    .target(name: "ExactJSON"),
    .testTarget(name: "ExactJSONTests", dependencies: ["ExactJSON"]),

    .target(name: "CLinuxSupport"),
    .target(name: "LinuxSupport", dependencies: ["CLinuxSupport"]),
    .testTarget(name: "LinuxSupportTests", dependencies: ["DaemonTestSupport", "LinuxSupport"]),

    .target(
      name: "LoadGenerator",
      dependencies: [
        "LinuxSupport",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ]),
    .testTarget(name: "LoadGeneratorTests", dependencies: ["LinuxSupport", "LoadGenerator"]),

    // What tests share: scratch folders, programs that are started, and a client that speaks lines.
    .target(
      name: "DaemonTestSupport",
      dependencies: ["ExactJSON", "LinuxSupport"],
      path: "Tests/Verification/DaemonTestSupport"),

    // MARK: The vocabulary

    .target(name: "FairleadModel", dependencies: ["ExactJSON"]),
    .testTarget(name: "FairleadModelTests", dependencies: ["ExactJSON", "FairleadModel"]),

    .target(name: "FairleadFormats", dependencies: ["ExactJSON", "FairleadModel"]),
    .testTarget(
      name: "FairleadFormatsTests",
      dependencies: ["DaemonTestSupport", "ExactJSON", "FairleadFormats", "FairleadModel"]),

    .target(name: "FairleadWire", dependencies: ["ExactJSON", "FairleadModel"]),
    .testTarget(
      name: "FairleadWireTests", dependencies: ["DaemonTestSupport", "ExactJSON", "FairleadModel", "FairleadWire"]),

    // MARK: The daemon

    .target(name: "FairleadImpact", dependencies: ["FairleadModel"]),
    .testTarget(
      name: "FairleadImpactTests", dependencies: ["DaemonTestSupport", "ExactJSON", "FairleadImpact", "FairleadModel"]),

    .target(
      name: "FairleadStore",
      dependencies: [
        "ExactJSON",
        "FairleadModel",
        "LinuxSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "HashTreeCollections", package: "swift-collections"),
      ],
      resources: [
        .embedInCode("../../migrations/0001_ledger.sql"),
        .embedInCode("../../migrations/0002_commit_confirmed.sql"),
        .embedInCode("../../migrations/0003_kinds_and_messages.sql"),
      ]),
    .testTarget(
      name: "FairleadStoreTests",
      dependencies: [
        "DaemonTestSupport",
        "ExactJSON",
        "FairleadModel",
        "FairleadStore",
        "LedgerTestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),

    .target(
      name: "FairleadService",
      dependencies: [
        "ExactJSON",
        "FairleadImpact",
        "FairleadModel",
        "FairleadStore",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    .testTarget(
      name: "FairleadServiceTests",
      dependencies: [
        "DaemonTestSupport",
        "ExactJSON",
        "FairleadImpact",
        "FairleadModel",
        "FairleadService",
        "FairleadStore",
        "FairleadWire",
        "LedgerTestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),

    .target(
      name: "FairleadServer",
      dependencies: [
        "ExactJSON",
        "FairleadModel",
        "FairleadService",
        "FairleadStore",
        "FairleadWire",
        "LinuxSupport",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(
      name: "FairleadServerTests",
      dependencies: [
        "DaemonTestSupport",
        "ExactJSON",
        "FairleadModel",
        "FairleadServer",
        "FairleadService",
        "FairleadStore",
        "FairleadWire",
        "LinuxSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOTestUtils", package: "swift-nio"),
      ]),

    .executableTarget(
      name: "fairleadd",
      dependencies: [
        "FairleadModel",
        "FairleadServer",
        "LinuxSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: The command, which knows the registry only through the socket

    .target(
      name: "FairleadPages",
      dependencies: [
        "ExactJSON",
        "FairleadModel",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      path: "Clients/cli/FairleadPages",
      resources: [
        .embedInCode("Templates/figure.mustache"),
        .embedInCode("Templates/finding.mustache"),
        .embedInCode("Templates/head.mustache"),
        .embedInCode("Templates/history.mustache"),
        .embedInCode("Templates/media.css"),
        .embedInCode("Templates/report.mustache"),
        .embedInCode("Templates/step.mustache"),
        .embedInCode("Templates/style.css"),
      ]),
    .testTarget(
      name: "FairleadPagesTests",
      dependencies: ["DaemonTestSupport", "ExactJSON", "FairleadModel", "FairleadPages", "LinuxSupport"]),

    .target(
      name: "FairleadCLI",
      dependencies: [
        "ExactJSON",
        "FairleadFormats",
        "FairleadModel",
        "FairleadPages",
        "FairleadWire",
        "LinuxSupport",
        "LoadGenerator",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      path: "Clients/cli/FairleadCLI",
      resources: [.embedInCode("../../../docs/rules.md")]),
    .testTarget(
      name: "FairleadCLITests",
      dependencies: [
        "DaemonTestSupport",
        "ExactJSON",
        "FairleadCLI",
        "FairleadModel",
        "FairleadWire",
        "LinuxSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ]),

    .executableTarget(
      name: "fairlead",
      dependencies: ["FairleadCLI"],
      path: "Clients/cli/fairlead",
      // A release links libc statically too, at a fixed address: without a loader nothing is left to relocate at each start.
      // The libraries are those that static Foundation names itself, but only under --static-swift-stdlib.
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-executable", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCollections",
            "-l_FoundationCShims", "-lswiftSynchronization", "-lstdc++",
          ], .when(platforms: [.linux], configuration: .release))
      ]),

    // MARK: Benchmarks: what scripts/bench and scripts/bench-peers run

    .executableTarget(
      name: "FairleadBench",
      dependencies: [
        "ExactJSON",
        "FairleadImpact",
        "FairleadModel",
        "FairleadWire",
        "LinuxSupport",
        "LoadGenerator",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),

    .executableTarget(
      name: "NIOEchoServer",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),

    // MARK: Verification: real daemons under random clients, and the checker of what those clients saw

    .target(
      name: "LedgerTestSupport",
      dependencies: [
        .product(name: "GRDB", package: "GRDB.swift")
      ],
      path: "Tests/Verification/LedgerTestSupport"),

    .target(
      name: "HistoryChecker",
      dependencies: ["DaemonTestSupport", "ExactJSON"],
      path: "Tests/Verification/HistoryChecker"),
    .testTarget(
      name: "HistoryCheckerTests",
      dependencies: ["DaemonTestSupport", "ExactJSON", "FaultyDaemon", "HistoryChecker", "fairleadd"]),

    .executableTarget(
      name: "Soak", dependencies: ["DaemonTestSupport", "HistoryChecker"], path: "Tests/Verification/Soak"),

    .executableTarget(
      name: "FaultyDaemon",
      dependencies: ["FairleadServer", "FairleadService"],
      path: "Tests/Verification/FaultyDaemon"),

    // MARK: Whole programs

    // The executables are dependencies so that they are built before the tests run them.
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "DaemonTestSupport",
        "ExactJSON",
        "FairleadModel",
        "FairleadServer",
        "FairleadService",
        "FairleadStore",
        "FairleadWire",
        "LinuxSupport",
        "fairlead",
        "fairleadd",
      ]),

    .testTarget(name: "ArchitectureTests"),
  ]
)

// Every target is held to the same rules. Warnings are errors in this package and in no dependency.
for target in package.targets {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
  ]
}
