// The last change that was acknowledged, as the lock file remembers it beside the ledger.

/// Noted only after the change is durable. So a log that ends before it has lost what was acknowledged: by a damaged
/// write-ahead log, whose end SQLite leaves out without a word, or by an older copy that took the file's place.
struct AcknowledgedMark: Hashable {
  /// The number of the last change that is known to have been acknowledged; 0 where none is.
  var seq = 0
  /// Changes that were acknowledged once and are not in the log; stays until a person removes the lock file.
  var missing: ClosedRange<Int>?

  init() {}

  /// Reads a lock file's note. What is no mark is none: an older daemon leaves only its pid.
  init(note: String) {
    for line in note.split(separator: "\n") {
      let words = line.split(separator: " ")
      let numbers = words.dropFirst().compactMap { Int($0) }
      switch (words.first, numbers.count) {
      case ("acknowledged", 1): seq = max(0, numbers[0])
      case ("missing", 2) where 0 < numbers[0] && numbers[0] <= numbers[1]: missing = numbers[0]...numbers[1]
      default: break
      }
    }
  }

  /// Lines of a constant length, to be written over the ones before.
  var note: String {
    "acknowledged \(padded(seq))\nmissing \(padded(missing?.lowerBound ?? 0)) \(padded(missing?.upperBound ?? 0))\n"
  }

  /// Whether it tells of a ledger that had changes.
  var namesLedger: Bool { seq > 0 || missing != nil }

  /// The mark of a log that ends at `lastSeq`.
  func opened(at lastSeq: Int) -> AcknowledgedMark {
    var mark = self
    mark.seq = lastSeq
    if lastSeq < seq {
      mark.missing = min(lastSeq + 1, missing?.lowerBound ?? .max)...max(seq, missing?.upperBound ?? 0)
    }
    return mark
  }

  private func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
  }
}
