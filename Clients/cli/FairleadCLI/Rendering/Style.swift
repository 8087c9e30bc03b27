// Colours and weights of text on a terminal; plain text everywhere else.

internal import FairleadModel

struct Style: Sendable, Hashable {
  let hasColour: Bool

  init(_ layout: Layout) { hasColour = layout.hasColour }

  func bold(_ text: String) -> String { painted(text, "1") }

  /// A severity's word in capitals, with its colour.
  func severity(_ severity: Severity, width: Int = 0) -> String {
    let word = severity.rawValue.uppercased()
    let code =
      switch severity {
      case .blocked, .critical: "1;31"
      case .high: "31"
      case .medium: "33"
      case .low: "36"
      case .info, .none: "32"
      }
    return painted(word, code) + String(repeating: " ", count: max(0, width - word.count))
  }

  private func painted(_ text: String, _ code: String) -> String {
    hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
