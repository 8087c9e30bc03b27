// Texts as bytes: compared in time that grows with their length, and cut for a message.

extension String {
  /// Whether both are the same bytes.
  ///
  /// Swift's own `==` and hash take canonically equivalent characters for the same, such as the Kelvin sign and 'K', or two
  /// spellings of 'é'; the ledger and whoever reads it do not. They also sort the combining marks of each letter by insertion:
  /// one letter with 8,000 marks, 16 KB, took 14 ms, and twice as many take four times as long.
  package func hasSameBytes(as other: String) -> Bool {
    hasSameBytes(as: other, count: other.utf8.count)
  }

  /// The same where the bytes of `other` are counted already.
  fileprivate func hasSameBytes(as other: String, count: Int) -> Bool {
    guard count == utf8.count else { return false }
    // As buffers, for every member of every request: the views' own iterators take several times as long.
    let isSame = utf8.withContiguousStorageIfAvailable { own in
      other.utf8.withContiguousStorageIfAvailable { own.elementsEqual($0) }
    }
    return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
  }

  /// The longest text that a message quotes whole: longer than every name and version that Fairlead takes.
  private static let quotedBytes = 256

  /// The text as a message quotes it: whole, or its beginning and its length. A refusal of a text is never longer for being
  /// sent a longer one.
  package var excerpt: String {
    let bytes = utf8.count
    guard bytes > Self.quotedBytes else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: Self.quotedBytes / 2)
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return "\(self[..<end])... (\(bytes) bytes)"
  }
}

// Of an array, since a generic function of another module is not specialised: every member of every request is looked up so.
extension [String] {
  /// Whether one of them is `text`, byte for byte.
  package func containsBytes(of text: String) -> Bool {
    let count = text.utf8.count
    return contains { $0.hasSameBytes(as: text, count: count) }
  }
}

/// A text as a member of a set that compares bytes.
struct ByteKey: Hashable {
  private let text: String

  init(_ text: String) { self.text = text }

  static func == (a: ByteKey, b: ByteKey) -> Bool { a.text.hasSameBytes(as: b.text) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
