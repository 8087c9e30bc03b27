// A temporary folder that is removed with the test that uses it, and the places of the repository.

package import Foundation
internal import LinuxSupport

/// A temporary folder. Short, since a socket's path has 107 bytes.
package final class Scratch: Sendable {
  package let path: String

  package init() throws {
    do throws(SystemError) {
      path = try makeTemporaryFolder(in: "/tmp", prefix: "fl-")
    } catch {
      throw Failure("cannot make a folder in /tmp: \(describe(errno: error.errno))")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file in it, and returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

  @discardableResult
  package func write(_ content: Data, to name: String) throws -> String {
    let path = file(name)
    try content.write(to: URL(filePath: path))
    return path
  }
}

/// Why a test's own machinery could not go on.
package struct Failure: Error, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Places in the repository.
package enum Repository {
  package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  package static func path(_ relative: String) -> String { root.appending(path: relative).path(percentEncoded: false) }

  package static func text(_ relative: String) throws -> String {
    try String(contentsOfFile: path(relative), encoding: .utf8)
  }
}
