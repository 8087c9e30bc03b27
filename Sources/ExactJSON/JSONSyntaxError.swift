// Why a text is not the JSON that Fairlead accepts.

/// A reason, and where in the text.
package struct JSONSyntaxError: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    case empty
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case trailingContent
    case invalidNumber
    case invalidEscape
    case loneSurrogate
    case controlCharacterInString
    case invalidUTF8
    /// By its byte order mark, or by every second byte.
    case utf16
    case tooDeep(limit: Int)
    /// Valid by RFC 8259, refused here: readers differ on which of the two counts.
    case duplicateKey(String)
    /// An object has more members than the reader's bound.
    case tooManyMembers(limit: Int)
    /// A string, a key or a number is longer than the reader's bound in bytes.
    case textTooLong(limit: Int)
  }

  package let reason: Reason
  /// Bytes before the offending one.
  package let offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The reason as the end of a sentence, with its place in bytes: for a line of a protocol, which no editor shows.
  package var explanation: String { explanation(at: " at byte \(offset)") }

  /// The reason as the end of a sentence, with its line and column in `text`, which was parsed: both counted from 1, and columns
  /// in code points, as an editor shows them.
  package func explanation(in text: some BidirectionalCollection<UInt8>) -> String {
    let before = text.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    // A code point is one byte that does not continue another one.
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
    let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    let place = " on line \(line), column \(column)"
    switch reason {
    case .invalidUTF8, .tooDeep: return explanation(at: place) + "," + place
    case .empty, .unexpectedEnd, .unexpectedByte, .trailingContent, .invalidNumber, .invalidEscape, .loneSurrogate,
      .controlCharacterInString, .utf16, .duplicateKey, .tooManyMembers, .textTooLong:
      return explanation(at: place)
    }
  }

  private func explanation(at place: String) -> String {
    switch reason {
    case .empty: "there is nothing in it"
    case .unexpectedEnd: "it ends too early,\(place)"
    case .unexpectedByte(let byte):
      (0x21...0x7e).contains(byte)
        ? "unexpected '\(Character(Unicode.Scalar(byte)))'\(place)" : "unexpected byte \(byte)\(place)"
    case .trailingContent: "there is more after the value,\(place)"
    case .invalidNumber: "a malformed number\(place)"
    case .invalidEscape: "a malformed escape\(place)"
    case .loneSurrogate: "half of a surrogate pair\(place)"
    case .controlCharacterInString: "a control character in a string\(place)"
    case .invalidUTF8: "it is not UTF-8"
    case .utf16: "it is UTF-16, and JSON is UTF-8"
    case .tooDeep(let limit): "it is nested deeper than \(limit) levels"
    case .duplicateKey(let key): "the key '\(key.excerpt)' stands twice, the second time\(place)"
    case .tooManyMembers(let limit): "an object in it has more than \(limit) members,\(place)"
    case .textTooLong(let limit): "a string or number in it is longer than \(limit) bytes,\(place)"
    }
  }
}
