// Makes text harmless for a terminal: what came from a document or the daemon must not move a cursor or hide a word.

/// One line of plain text: line feeds and tabs become spaces, and other control characters are written out (`\x1b`).
func sanitized(_ text: String) -> String {
  sanitize(text) { $0 == "\n" || $0 == "\t" || $0 == "\r" ? " " : nil }
}

/// Plain text that keeps its line breaks, for a command of several lines.
func sanitizedLines(_ text: String) -> String {
  sanitize(text) { $0 == "\n" ? "\n" : $0 == "\t" ? "\t" : nil }
}

/// JSON text, or YAML whose unsafe texts are in double quotes, that a terminal shows and does not act on: what `sanitized` writes
/// out is escaped (`\u202e`), so that every value stays exactly what it was. The writers escape those below space themselves.
func escapedInQuotes(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: needsEscape) else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if needsEscape(scalar) {
      let digits = String(scalar.value, radix: 16)
      result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).unicodeScalars)
    } else {
      result.append(scalar)
    }
  }
  return String(result)
}

private func needsEscape(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x7F && isUnsafe(scalar) }

/// Whether a text in YAML needs double quotes, in which everything unsafe is escaped. Line feeds and tabs lay a text out.
func needsDoubleQuotes(_ text: String) -> Bool {
  text.unicodeScalars.contains { isUnsafe($0) && $0 != "\n" && $0 != "\t" }
}

private func sanitize(_ text: String, keep: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
  guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if !isUnsafe(scalar) {
      result.append(scalar)
    } else if let kept = keep(scalar) {
      result.append(kept)
    } else {
      result.append(contentsOf: escape(scalar).unicodeScalars)
    }
  }
  return String(result)
}

/// C0, DEL, C1, the line separators, marks that change the direction of writing, and invisible characters. The joiners of
/// emoji and scripts are kept.
private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
  default: false
  }
}

private func escape(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16)
  return scalar.value < 0x100 ? "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
}
