// Folds prose at the width of the terminal, and pads words to a column.

/// `text` as sanitized lines of at most `width` columns: the first led by `first`, the others by as many spaces, or by
/// `rest`. A word that is longer than a line is left whole, so that it can be copied.
func wrapped(_ text: String, width: Int, first: String = "", rest: String? = nil) -> String {
  let rest = rest ?? String(repeating: " ", count: first.count)
  var lines: [String] = []
  var line = first
  var isEmpty = true
  for word in sanitized(text).split(separator: " ") {
    if !isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = rest
      isEmpty = true
    }
    line += isEmpty ? word : " " + word
    isEmpty = false
  }
  lines.append(line)
  return lines.joined(separator: "\n")
}

extension String {
  /// The text, followed by spaces up to `width`.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
