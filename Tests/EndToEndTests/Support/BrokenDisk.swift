// Simulates a disk that takes writes and then fails the sync: a C library between a program and the kernel.

import Foundation

/// Fails the syncs of a program that is started with `environment`, from when a test says so.
struct BrokenDisk {
  private let library: String
  private let switchFile: String

  /// Whether there is a C compiler to make the library with.
  static let isPossible =
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/cc", X_OK) == 0
    }

  init(in scratch: Scratch) throws {
    library = scratch.file("broken.so")
    switchFile = scratch.file("broken")
    let finished = try Programs.run(
      "cc", ["-shared", "-fPIC", "-o", library, Repository.path("Tests/Fixtures/disk/broken.c"), "-ldl"], in: scratch)
    guard finished.status == 0 else { throw Failure("cc: \(finished.errors)") }
  }

  var environment: [String: String] { ["LD_PRELOAD": library, "BROKEN_DISK": switchFile] }

  func fail() throws { try Data().write(to: URL(filePath: switchFile)) }

  func mend() throws { try FileManager.default.removeItem(atPath: switchFile) }
}
