// The stock sqlite3 shell as another program that has the ledger's file open, one statement after the other.

internal import Foundation

/// A running shell. Each call waits until the shell has executed what it was given, so that no test waits for a time.
package final class SQLiteShell {
  private let process: Child
  private let input = Pipe()
  private let output = Pipe()
  private var calls = 0
  private var hasEnded = false

  package init(_ database: String) throws {
    process = try Child(
      "sqlite3", ["-batch", database], input: .descriptor(input.fileHandleForReading.fileDescriptor),
      output: .descriptor(output.fileHandleForWriting.fileDescriptor))
    try input.fileHandleForReading.close()
    try output.fileHandleForWriting.close()
  }

  deinit { end() }

  package var pid: Int32 { process.pid }

  /// Executes `sql`, and returns what it printed, without the last line feed.
  @discardableResult
  package func execute(_ sql: String) throws -> String {
    calls += 1
    let mark = "-- \(calls) done\n"
    try input.fileHandleForWriting.write(contentsOf: Data("\(sql);\n.print -- \(calls) done\n".utf8))
    var printed = Data()
    while true {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Failure("sqlite3 ended: \(String(decoding: printed, as: UTF8.self))") }
      printed.append(more)
      let text = String(decoding: printed, as: UTF8.self)
      if text.hasSuffix(mark) { return String(text.dropLast(mark.count)).trimmingCharacters(in: .newlines) }
    }
  }

  /// Ends the shell, and waits for that: none of its locks is left.
  package func end() {
    guard !hasEnded else { return }
    hasEnded = true
    // Told so, and not by the end of its input: a process that another test started meanwhile may hold the pipe open.
    try? input.fileHandleForWriting.write(contentsOf: Data(".exit\n".utf8))
    process.wait()
  }
}
