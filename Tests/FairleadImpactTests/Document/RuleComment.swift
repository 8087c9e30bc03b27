// Parses the doc comment of a catalogue entry from its source, for `docs/rules.md`.

import Foundation

/// Paragraphs that say what happens and why, then the items When, Severity and Remedy.
struct RuleComment {
  static let items = ["When", "Severity", "Remedy"]

  let paragraphs: [String]
  let items: [String: String]

  /// `nil` where the file has no doc comment right before the declaration of the type `name`.
  init?(of name: String, in source: String) {
    let lines = source.components(separatedBy: "\n")
    guard let end = lines.firstIndex(where: { $0.hasPrefix("package enum \(name):") }) else { return nil }
    var start = end
    while start > 0, lines[start - 1].hasPrefix("///") { start -= 1 }
    guard start < end else { return nil }
    let text = lines[start..<end].map { String($0.dropFirst(3)).trimmingCharacters(in: .whitespaces) }
    var blocks: [String] = [""]
    for line in text {
      if line.isEmpty || line.hasPrefix("- ") { blocks.append("") }
      blocks[blocks.count - 1] += (blocks[blocks.count - 1].isEmpty ? "" : " ") + line
    }
    blocks.removeAll { $0.isEmpty }
    paragraphs = blocks.filter { !$0.hasPrefix("- ") }
    var items: [String: String] = [:]
    for block in blocks where block.hasPrefix("- ") {
      let parts = block.dropFirst(2).split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      items[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    self.items = items
  }
}
