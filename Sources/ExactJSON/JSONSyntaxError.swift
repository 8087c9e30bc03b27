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

  /// The reason as the end of a sentence.
  package var explanation: String {
    switch reason {
    case .empty: "there is nothing in it"
    case .unexpectedEnd: "it ends too early, at byte \(offset)"
    case .unexpectedByte(let byte):
      (0x21...0x7e).contains(byte)
        ? "unexpected '\(Character(Unicode.Scalar(byte)))' at byte \(offset)"
        : "unexpected byte \(byte) at byte \(offset)"
    case .trailingContent: "there is more after the value, at byte \(offset)"
    case .invalidNumber: "a malformed number at byte \(offset)"
    case .invalidEscape: "a malformed escape at byte \(offset)"
    case .loneSurrogate: "half of a surrogate pair at byte \(offset)"
    case .controlCharacterInString: "a control character in a string at byte \(offset)"
    case .invalidUTF8: "it is not UTF-8"
    case .tooDeep(let limit): "it is nested deeper than \(limit) levels"
    case .duplicateKey(let key): "the key '\(key.excerpt)' stands twice, the second time at byte \(offset)"
    case .tooManyMembers(let limit): "an object in it has more than \(limit) members, at byte \(offset)"
    case .textTooLong(let limit): "a string or number in it is longer than \(limit) bytes, at byte \(offset)"
    }
  }
}
