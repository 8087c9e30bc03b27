// Characters that act on what shows a text instead of being shown, and the refusal of a text that has one, or nothing to see.

internal import ExactJSON

extension Unicode.Scalar {
  /// Whether it moves a cursor, ends a line, starts an escape sequence, or changes the direction of what follows, so that a
  /// reader sees another text than is recorded: C0, DEL, C1, the line and paragraph separators, and the bidirectional marks.
  /// Sources: ECMA-48; Unicode Standard Annex 9, table 4.
  package var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

/// Which control characters a text may hold.
package enum ControlCharacters: Sendable {
  case none
  /// Line feed and tab, which lay a text out.
  case lineFeedAndTab

  fileprivate func allow(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .none: false
    case .lineFeedAndTab: scalar == "\n" || scalar == "\t"
    }
  }
}

extension String {
  /// Refuses a text with a control character that is not `allowed`, and says which and where.
  /// - Parameter path: the parameter's path; evaluated only where the text is refused.
  package func checkControlCharacters(
    allowed: ControlCharacters, at path: @autoclosure () -> String
  ) throws(Refusal) {
    // Nearly every text is printable ASCII, which the bytes show.
    guard !utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return }
    for (index, scalar) in unicodeScalars.enumerated() where scalar.isControl && !allowed.allow(scalar) {
      let path = path()
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
      let rule =
        switch allowed {
        case .none: "it is printable text"
        case .lineFeedAndTab: "it is printable text, line feeds and tabs"
        }
      throw .invalid(
        path, "cannot take this text for \(path): its character \(index + 1) is \(name), a control character; \(rule)")
    }
  }
}

extension Unicode.Scalar {
  /// Whether a reader sees something of it: no space, mark, control or format character, nothing that Unicode lets a font leave
  /// out, such as the Hangul filler, and not the braille pattern without a dot.
  fileprivate var isVisible: Bool {
    guard !properties.isDefaultIgnorableCodePoint, value != 0x2800 else { return false }
    return switch properties.generalCategory {
    case .control, .format, .surrogate, .spaceSeparator, .lineSeparator, .paragraphSeparator, .nonspacingMark,
      .enclosingMark, .spacingMark:
      false
    default: true
    }
  }
}

extension String {
  /// Whether a reader sees something of it.
  package var hasVisibleCharacter: Bool {
    // Nearly every text begins with a letter.
    utf8.first.map { (0x21..<0x7F).contains($0) } == true || unicodeScalars.contains(where: \.isVisible)
  }

  /// Refuses a text of which a reader would see nothing.
  package func checkVisible(at path: String) throws(Refusal) {
    guard !hasVisibleCharacter else { return }
    throw .invalid(path, "cannot take this text for \(path): it has no visible character; write some, or leave it out")
  }
}
