// Reads points in time.

internal import ExactJSON

extension JSONObjectDecoder {
  /// A required point in time.
  package func timestamp(_ key: String) throws(Refusal) -> Timestamp {
    let text = try requiredString(key)
    guard let timestamp = Timestamp(text) else { throw notATime(text, key) }
    return timestamp
  }

  /// A required deadline, as a ledger holds it.
  package func recordedTimestamp(_ key: String) throws(Refusal) -> Timestamp {
    let text = try requiredString(key)
    guard let timestamp = Timestamp(recorded: text) else { throw notATime(text, key) }
    return timestamp
  }

  private func notATime(_ text: String, _ key: String) -> Refusal {
    .invalid(
      path(of: key), "cannot take '\(text.excerpt)' for \(path(of: key)): it is a time as in 2026-11-22T21:04:45Z"
    )
  }
}
