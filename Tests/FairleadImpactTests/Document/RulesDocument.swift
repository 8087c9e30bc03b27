// Generates `docs/rules.md` from the catalogue and the doc comments of its rules.

import DaemonTestSupport
import FairleadImpact
import Foundation

enum RulesDocument {
  static let path = Repository.root.appending(path: "docs/rules.md")

  /// The doc comment of an entry's type, in the one file under `Rules/` that is named after it.
  static func comment(of entry: any CatalogueEntry.Type) throws -> RuleComment? {
    let name = String(describing: entry)
    guard let file = files[name] else { return nil }
    return RuleComment(of: name, in: try String(contentsOf: file, encoding: .utf8))
  }

  /// The files under `Rules/`, by the type that each is named after.
  private static let files: [String: URL] = {
    let folder = Repository.root.appending(path: "Sources/FairleadImpact/Rules")
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let sources = (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
    return Dictionary(uniqueKeysWithValues: sources.map { ($0.deletingPathExtension().lastPathComponent, $0) })
  }()

  static func text() throws -> String {
    var text = """
      # The rules

      What Fairlead knows of a change, rule by rule: `fairlead explain RULE` prints the same. This page is made from the rules' own
      documentation under `Sources/FairleadImpact/Rules`, and a test holds it equal.

      Severity, from nothing to refused: none, info, low, medium, high, critical, blocked. A finding that hangs on a fact that nobody has
      recorded names the fact, is at most medium, and never blocks.

      | rule | title |
      |---|---|

      """
    for entry in Catalogue.entries {
      let anchor = "\(entry.id): \(entry.title)".lowercased().filter { $0.isLetter || $0.isNumber || " -".contains($0) }
      text += "| [\(entry.id)](#\(anchor.replacing(" ", with: "-"))) | \(entry.title) |\n"
    }
    for entry in Catalogue.entries { text += "\n" + (try section(of: entry)) }
    return text
  }

  private static func section(of entry: any CatalogueEntry.Type) throws -> String {
    var blocks = ["## \(entry.id): \(entry.title)"]
    guard let comment = try comment(of: entry) else { return blocks[0] + "\n" }
    blocks += comment.paragraphs
    var items = RuleComment.items.compactMap { name in comment.items[name].map { (name, $0) } }
    items.append(("Source", entry.source))
    if let rule = Catalogue.rules.first(where: { $0.id == entry.id }) {
      items.append(
        ("Judges", rule.kind == .state ? "the state; speaks on creation too" : "the change; silent on creation"))
      if !rule.folds.isEmpty { items.append(("Speaks for", rule.folds.map { $0.id }.joined(separator: ", "))) }
      if rule.isOverridable { items.append(("Override", "`--override \(rule.id) -m WHY`")) }
    }
    blocks.append(items.map { "- **\($0.0)**: \($0.1)" }.joined(separator: "\n"))
    return blocks.joined(separator: "\n\n") + "\n"
  }
}
