// Reads the numbers of changes and revisions out of a ledger's records.

extension JSONObjectDecoder {
  /// The number of a change or a revision.
  func sequenceNumber(_ key: String) throws(Refusal) -> Int? {
    guard let number = try integer(key) else { return nil }
    guard SequenceNumber.range.contains(number) else {
      throw .invalid(
        path(of: key),
        "cannot take \(number) for \(path(of: key)): changes and revisions have numbers from 1 to "
          + "\(SequenceNumber.range.upperBound)")
    }
    return number
  }

  func requiredSequenceNumber(_ key: String) throws(Refusal) -> Int {
    try required(key) { (key) throws(Refusal) in try sequenceNumber(key) }
  }
}
