// The error of a daemon that cannot start.

/// Why the daemon cannot start, in one sentence that names the file, socket or program.
package struct StartError: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
