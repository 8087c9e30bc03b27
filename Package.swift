// swift-tools-version:6.1
import PackageDescription

/// Every target is held to the same bar; the last line makes a warning an error in this package and in no dependency.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .unsafeFlags(["-warnings-as-errors"]),
]

let package = Package(
  name: "Fairlead",
  products: [
    .executable(name: "fairleadd", targets: ["fairleadd"]),
    .executable(name: "fairlead", targets: ["fairlead"]),
  ],
  // docs/dependencies.md says in one line each why these are here.
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
    // The vocabulary, and what only the kernel knows.
    .target(name: "FairleadJSON", swiftSettings: strict),
    .target(name: "FairleadModel", dependencies: ["FairleadJSON"], swiftSettings: strict),
    .target(name: "FairleadSystem", swiftSettings: strict),
    // The judge.
    .target(name: "FairleadImpact", dependencies: ["FairleadModel"], swiftSettings: strict),
    // The two languages spoken at the edges: documents and lines.
    .target(name: "FairleadFormats", dependencies: ["FairleadJSON", "FairleadModel"], swiftSettings: strict),
    .target(name: "FairleadWire", dependencies: ["FairleadJSON", "FairleadModel"], swiftSettings: strict),
    // The ledger.
    .target(
      name: "FairleadStore",
      dependencies: [
        "FairleadJSON", "FairleadModel", "FairleadSystem",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "HashTreeCollections", package: "swift-collections"),
      ],
      resources: [
        .embedInCode("../../migrations/0001_ledger.sql"), .embedInCode("../../migrations/0002_commit_confirmed.sql"),
      ],
      swiftSettings: strict
    ),
    // The one direction: authorize, plan, commit.
    .target(
      name: "FairleadService",
      dependencies: [
        "FairleadImpact", "FairleadJSON", "FairleadModel", "FairleadStore",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "FairleadServer",
      dependencies: [
        "FairleadJSON", "FairleadModel", "FairleadService", "FairleadStore", "FairleadSystem",
        "FairleadWire",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "fairleadd",
      dependencies: [
        "FairleadModel", "FairleadServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict
    ),
    // The command, which knows the registry only through the socket, and the pages that it prints.
    .target(
      name: "FairleadPages",
      dependencies: [
        "FairleadJSON", "FairleadModel",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      path: "Clients/cli/FairleadPages",
      resources: [
        .embedInCode("Templates/figure.mustache"), .embedInCode("Templates/finding.mustache"),
        .embedInCode("Templates/head.mustache"), .embedInCode("Templates/history.mustache"),
        .embedInCode("Templates/report.mustache"), .embedInCode("Templates/step.mustache"),
        .embedInCode("Templates/style.css"),
      ],
      swiftSettings: strict
    ),
    // The load generator, for the command that users have and for scripts/bench alike.
    .target(
      name: "FairleadLoad",
      dependencies: [.product(name: "Histogram", package: "hdrhistogram-swift")],
      path: "Clients/cli/FairleadLoad",
      swiftSettings: strict
    ),
    .target(
      name: "FairleadCLI",
      dependencies: [
        "FairleadFormats", "FairleadJSON", "FairleadLoad", "FairleadModel", "FairleadPages", "FairleadWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      path: "Clients/cli/FairleadCLI",
      resources: [.embedInCode("../../../docs/rules.md")],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "fairlead", dependencies: ["FairleadCLI"], path: "Clients/cli/fairlead", swiftSettings: strict,
      // A release links libc too, at a fixed address: without a loader nothing is left to relocate at each start.
      // The libraries are those that static Foundation names itself, but only under --static-swift-stdlib.
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-executable", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCollections",
            "-l_FoundationCShims", "-lswiftSynchronization", "-lstdc++",
          ], .when(platforms: [.linux], configuration: .release))
      ]),
    // What scripts/bench and scripts/bench-peers run.
    .executableTarget(
      name: "FairleadBench",
      dependencies: [
        "FairleadImpact", "FairleadJSON", "FairleadLoad", "FairleadModel", "FairleadWire",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "FairleadEcho",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    // What the tests of whole programs are made of: real daemons and real sockets.
    .target(
      name: "FairleadTesting", dependencies: ["FairleadJSON"], path: "Tests/FairleadTesting", swiftSettings: strict),
    // Random clients that record what they see, and the verifier of what they recorded.
    .target(
      name: "FairleadHistory", dependencies: ["FairleadJSON", "FairleadTesting"], path: "Tests/FairleadHistory",
      swiftSettings: strict),
    // What scripts/soak runs.
    .executableTarget(
      name: "FairleadSoak", dependencies: ["FairleadHistory", "FairleadTesting"], path: "Tests/FairleadSoak",
      swiftSettings: strict),
    // The daemon with a planted bug, to see that the verifier finds it.
    .executableTarget(
      name: "FaultyDaemon", dependencies: ["FairleadServer", "FairleadService"], path: "Tests/FaultyDaemon",
      swiftSettings: strict),
    // Specifications.
    .testTarget(
      name: "FairleadModelTests", dependencies: ["FairleadFormats", "FairleadJSON", "FairleadModel"],
      swiftSettings: strict),
    .testTarget(
      name: "FairleadImpactTests", dependencies: ["FairleadImpact", "FairleadJSON", "FairleadModel"],
      swiftSettings: strict),
    .testTarget(
      name: "FairleadWireTests", dependencies: ["FairleadJSON", "FairleadModel", "FairleadWire"],
      swiftSettings: strict),
    .testTarget(
      name: "FairleadServerTests",
      dependencies: [
        "FairleadJSON", "FairleadModel", "FairleadServer", "FairleadService", "FairleadStore",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FairleadServiceTests",
      dependencies: [
        "FairleadImpact", "FairleadJSON", "FairleadModel", "FairleadService", "FairleadStore", "FairleadWire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FairleadCLITests",
      dependencies: [
        "FairleadCLI", "FairleadJSON", "FairleadModel", "FairleadWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(name: "FairleadLoadTests", dependencies: ["FairleadLoad"], swiftSettings: strict),
    .testTarget(
      name: "FairleadPagesTests", dependencies: ["FairleadJSON", "FairleadModel", "FairleadPages"],
      swiftSettings: strict),
    // Whole programs: the executables are dependencies so that they are built before they are run.
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "FairleadJSON", "FairleadModel", "FairleadServer", "FairleadService", "FairleadStore", "FairleadTesting",
        "FairleadWire", "fairlead", "fairleadd",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FairleadHistoryTests",
      dependencies: ["FairleadHistory", "FairleadJSON", "FairleadTesting", "FaultyDaemon", "fairleadd"],
      swiftSettings: strict),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
  ]
)
