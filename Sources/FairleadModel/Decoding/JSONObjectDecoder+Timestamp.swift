// Reads points in time.

internal import ExactJSON

extension JSONObjectDecoder {
  /// A required point in time.
  package func timestamp(_ key: String) throws(Refusal) -> Timestamp {
    let text = try requiredString(key)
    guard let timestamp = Timestamp(text) else {
      throw .invalid(
        path(of: key), "cannot take '\(text.excerpt)' for \(path(of: key)): it is a time as in 2026-11-22T21:04:45Z")
    }
    return timestamp
  }
}
