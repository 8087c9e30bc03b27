// Scratch folders, and progress messages.

internal import LinuxSupport
internal import LoadGenerator
internal import Glibc

enum Folder {
  /// A new folder in `parent`. Its name is short, since a socket's path has 107 bytes.
  static func make(_ parent: String) throws -> String { try makeTemporaryFolder(in: parent, prefix: "p-") }

  static func remove(_ folder: String) {
    // The system's rm, so that no walk has to be written here; what it leaves, scripts/bench-peers removes at the end.
    guard let child = try? ChildProcess("rm", ["-rf", folder], output: Streams.null, errors: Streams.errors) else {
      return
    }
    _ = child.wait()
  }

  static func copy(_ from: String, to: String) throws {
    let child = try ChildProcess("cp", [from, to], output: Streams.null, errors: Streams.errors)
    guard child.wait() == .exited(status: 0) else { throw BenchError("cannot copy \(from) to \(to)") }
  }
}

/// Messages to the person who waits for the figures.
enum Progress {
  static func say(_ text: String) { write("bench: \(text)\n", to: STDERR_FILENO) }

  /// Prints a line to standard output without buffering, for the program that started this one.
  static func announce(_ text: String) { write("\(text)\n", to: STDOUT_FILENO) }

  private static func write(_ line: String, to descriptor: Int32) {
    _ = Glibc.write(descriptor, line, line.utf8.count)
  }
}
