// The rules as `docs/rules.md` explains them. The page is embedded in the command, so that explaining needs no daemon.

internal import FairleadModel

/// A rule's section of the page.
struct RuleSection: Sendable, Hashable {
  let id: String
  let title: String
  /// What happens and why.
  let paragraphs: [String]
  /// Name and text: severity, when, remedy, source and the like, in the page's order.
  let items: [Item]

  struct Item: Sendable, Hashable {
    let name: String
    let text: String
  }
}

enum RuleBook {
  static let sections: [RuleSection] = parse(String(decoding: PackageResources.rules_md, as: UTF8.self))

  static let ids: [String] = sections.map(\.id)

  /// The rules that `--override` takes.
  static let overridable: [String] = sections.filter { $0.items.contains { $0.name == "Override" } }.map(\.id)

  /// The section of a rule, however its id is written: `MODE-03`, `mode-03`, `mode03`.
  static func section(of id: String) -> RuleSection? {
    let wanted = key(id)
    return sections.first { key($0.id) == wanted }
  }

  private static func key(_ id: String) -> String { id.asciiUppercased.filter { $0 != "-" } }

  static func parse(_ page: String) -> [RuleSection] {
    page.split(separator: "\n## ").dropFirst().compactMap { section in
      var lines = section.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
      let heading = lines.removeFirst().split(separator: ": ", maxSplits: 1).map(String.init)
      guard heading.count == 2 else { return nil }
      let marker = "- **"
      return RuleSection(
        id: heading[0], title: heading[1], paragraphs: lines.filter { !$0.hasPrefix(marker) },
        items: lines.filter { $0.hasPrefix(marker) }.compactMap { line in
          let parts = line.dropFirst(marker.count).split(separator: "**: ", maxSplits: 1).map(String.init)
          return parts.count == 2 ? RuleSection.Item(name: parts[0], text: parts[1]) : nil
        })
    }
  }
}
