// Keeps the conditions that hold, for whoever notices one and for `registry.health`.

package import FairleadModel
internal import Synchronization

/// Whoever notices a condition raises it; whoever sees that it is over clears it. Each beginning and end is logged once.
/// Every call returns at once and may be made from any thread.
package final class HealthBoard: Sendable {
  private struct State {
    var reasons: [HealthCode: HealthReason] = [:]
    var isStopping = false

    var isReadOnly: Bool { reasons.keys.contains { $0.effect == .readOnly } }
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Timestamp
  private let log: @Sendable (String) -> Void

  /// `log` takes one line, and must not block.
  package init(now: @escaping @Sendable () -> Timestamp, log: @escaping @Sendable (String) -> Void) {
    self.now = now
    self.log = log
  }

  /// Says that a condition holds. Where it held before, it keeps the time at which it began, and its words are renewed.
  package func raise(_ code: HealthCode, _ message: String, remedy: String, by culprit: HealthReason.Culprit? = nil) {
    let isNew = state.withLock { state in
      let since = state.reasons[code]?.since
      state.reasons[code] = HealthReason(
        code: code, since: since ?? now(), message: message, remedy: remedy, by: culprit)
      return since == nil
    }
    guard isNew else { return }
    let effect =
      switch code.effect {
      case .degraded: "attention"
      case .readOnly: "no changes are taken"
      }
    log("\(effect) (\(code.rawValue)): \(message); \(remedy)")
  }

  /// Says that a condition is over. Does nothing where it did not hold.
  package func clear(_ code: HealthCode) {
    let (wasRaised, isReadOnly) = state.withLock { state in
      (state.reasons.removeValue(forKey: code) != nil, state.isReadOnly)
    }
    guard wasRaised else { return }
    switch code.effect {
    case .readOnly where !isReadOnly: log("changes are taken again: \(code.rawValue) is over")
    case .readOnly, .degraded: log("\(code.rawValue) is over")
    }
  }

  /// Says that the daemon is about to end.
  package func stop() { state.withLock { $0.isStopping = true } }

  /// The conditions that hold, the worst first.
  package var reasons: [HealthReason] {
    let reasons = state.withLock { $0.reasons }
    return HealthCode.allCases.compactMap { reasons[$0] }
  }

  package func reason(_ code: HealthCode) -> HealthReason? { state.withLock { $0.reasons[code] } }

  /// The worst condition that refuses changes without an attempt; `nil` where a change may be attempted.
  package var writeBlock: HealthReason? {
    state.withLock { state in
      guard !state.reasons.isEmpty else { return nil }
      return HealthCode.allCases.first { $0.blocksWrites && state.reasons[$0] != nil }.flatMap { state.reasons[$0] }
    }
  }

  /// The state in one word. `isLoading` says that clusters are still being read into memory.
  package func status(isLoading: Bool) -> HealthStatus {
    state.withLock { state in
      if state.isStopping { return .stopping }
      if state.isReadOnly { return .readOnly }
      if !state.reasons.isEmpty { return .degraded }
      return isLoading ? .starting : .ok
    }
  }
}
