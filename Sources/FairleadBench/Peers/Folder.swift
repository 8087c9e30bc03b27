// Scratch folders, and what a person reads meanwhile.

internal import FairleadLoad
internal import Glibc

enum Folder {
  /// A new folder in `parent`. Its name is short, since a socket's path has 107 bytes.
  static func make(_ parent: String) throws -> String { try TemporaryFolder.make(in: parent, prefix: "p-") }

  static func remove(_ folder: String) {
    // The system's own rm, which needs no walk of ours; what it leaves, scripts/bench-peers removes at the end.
    guard let child = try? ChildProcess("rm", ["-rf", folder], output: Streams.null, errors: STDERR_FILENO) else {
      return
    }
    _ = child.wait()
  }

  static func copy(_ from: String, to: String) throws {
    let child = try ChildProcess("cp", [from, to], output: Streams.null, errors: STDERR_FILENO)
    guard child.wait() == 0 else { throw BenchError("cannot copy \(from) to \(to)") }
  }
}

/// What a person reads while it goes on.
enum Progress {
  static func say(_ text: String) {
    let line = "bench: \(text)\n"
    _ = write(STDERR_FILENO, line, line.utf8.count)
  }
}
