// What the log says of a step that is tried again until it works, as a value: each reason once, and the end.

/// A daemon that is read-only for a week does not say so every second.
struct RetryReport {
  /// What could not be done, as a clause; and the sentence for when it can be done again.
  let failure: String
  let recovery: String
  /// Why it failed last; `nil` where it worked.
  private var reason: String?

  init(failure: String, recovery: String) {
    self.failure = failure
    self.recovery = recovery
  }

  /// It failed. Returns what to log, if this is news.
  mutating func failed(_ newReason: String) -> String? {
    guard newReason != reason else { return nil }
    reason = newReason
    return "\(failure), and is tried again every second: \(newReason)"
  }

  /// It worked. Returns what to log, if it failed before.
  mutating func worked() -> String? {
    guard reason != nil else { return nil }
    reason = nil
    return recovery
  }
}
