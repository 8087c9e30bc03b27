// Records what the registry logs and reports, for tests to check.

import FairleadModel
import Synchronization

/// The lines that the registry logged.
final class LogSpy: Sendable {
  private let lines = Mutex<[String]>([])

  func log(_ line: String) { lines.withLock { $0.append(line) } }

  /// The lines since the last call.
  func takeLines() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

/// The changes that the registry reported as reverts.
final class RevertSpy: Sendable {
  private let changes = Mutex<[Change]>([])

  func add(_ change: Change) { changes.withLock { $0.append(change) } }

  /// The changes since the last call, as `7 rg/web`.
  func takeChanges() -> [String] {
    changes.withLock { changes in
      defer { changes = [] }
      return changes.map { "\($0.seq) \($0.subject)" }
    }
  }
}
