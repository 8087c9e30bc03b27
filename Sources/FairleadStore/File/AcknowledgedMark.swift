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

  /// Lines of a constant length, to be written over the ones before. Each commit writes one, so it is made in one piece.
  var note: String {
    String(unsafeUninitializedCapacity: Self.length) { buffer in
      var count = 0
      func put(_ text: StaticString, _ number: Int) {
        for byte in UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount) {
          buffer[count] = byte
          count += 1
        }
        var rest = max(0, number)
        for place in (count..<count + Self.digits).reversed() {
          buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        count += Self.digits
      }
      put("acknowledged ", seq)
      put("\nmissing ", missing?.lowerBound ?? 0)
      put(" ", missing?.upperBound ?? 0)
      buffer[count] = UInt8(ascii: "\n")
      return count + 1
    }
  }

  /// As many as the largest integer has.
  private static let digits = 19
  /// Bytes of a note: three numbers, and what is around them.
  private static let length = 3 * digits + 24

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
}
