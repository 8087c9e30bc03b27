// Runs programs to their end, and returns their output and status.

package import Foundation

/// The output and status of a program that has ended.
package struct Finished {
  package let output: String
  package let errors: String
  /// Its exit status, or the signal that ended it as a negative number.
  package let status: Int32
}

/// The executables of this build, and those of the system.
package enum Programs {
  /// Where this build put its executables: beside the test bundle, or the program that asks.
  package static let folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// Where this build put the executable `name`.
  package static func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  /// Runs a program. Its output goes through files, so that no pipe can fill up.
  package static func run(
    _ program: String, _ arguments: [String], in scratch: Scratch, environment: [String: String] = [:],
    input: String? = nil
  ) throws -> Finished {
    let name = UUID().uuidString
    let output = try scratch.write("", to: "\(name).out")
    let errors = try scratch.write("", to: "\(name).err")
    let surroundings = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": scratch.path, "LC_ALL": "C.UTF-8",
    ]
    let child = try Child(
      program, arguments, in: scratch.path, environment: surroundings.merging(environment) { $1 },
      input: input.map { .file(try scratch.write($0, to: "\(name).in")) } ?? .nothing, output: .file(output),
      errors: .file(errors))
    let status = child.wait()
    return Finished(
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8), status: status)
  }

  /// Runs SQL in the stock shell, and returns its rows with columns parted by `|`.
  package static func sqlite(_ sql: String, database: String, in scratch: Scratch) throws -> [String] {
    let finished = try run("sqlite3", ["-batch", "-bail", database, sql], in: scratch)
    guard finished.status == 0 else { throw Failure("sqlite3: \(finished.errors)") }
    return finished.output.split(separator: "\n").map(String.init)
  }
}
