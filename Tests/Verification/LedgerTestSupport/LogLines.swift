// Collects what a part of the daemon logs.

private import Synchronization

/// The lines of a log, in their order.
package final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  package init() {}

  package func add(_ line: String) { lines.withLock { $0.append(line) } }

  package var all: [String] { lines.withLock { $0 } }

  /// The lines since the last call.
  package func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}
