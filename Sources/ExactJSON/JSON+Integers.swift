// What is wrong with a number where an integer is meant.

extension JSON {
  /// What `lexeme`, a number that is no `integer`, has that an integer has not; the end of a sentence about what is taken.
  package static func notAnInteger(_ lexeme: String) -> String {
    if isFractional(lexeme) { return "written without fraction and exponent" }
    return lexeme.hasSameBytes(as: "-0") ? "and zero has no sign" : "of at most 64 bits"
  }

  /// Whether a number is written with a fraction or an exponent. It may be whole all the same, as 900.0 is.
  package static func isFractional(_ lexeme: String) -> Bool {
    lexeme.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
  }
}
