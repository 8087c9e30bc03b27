// `fairlead explain`: what a rule of the impact report means, without a daemon.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ExplainCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain a rule of the impact report.",
    discussion: """
      Without a rule it lists them all.

      Example:
        fairlead explain MODE-03
      """)

  @Argument(
    help: ArgumentHelp("The rule's id, such as MODE-03.", valueName: "rule"),
    completion: .custom { _, _, _ in RuleBook.ids })
  var rule: String?

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard let rule else {
      try session.show(
        Document(
          json: .array(RuleBook.sections.map { ["rule": .string($0.id), "title": .string($0.title)] }),
          table: { Table(RuleBook.sections, Self.columns, for: $0) },
          text: { Table(RuleBook.sections, Self.columns, for: .text).text(.text, $0) }))
      return .done
    }
    guard let section = RuleBook.section(of: rule) else {
      let guess = nearest(to: rule.uppercased(), in: RuleBook.ids)
      throw .usage(
        "cannot explain '\(sanitized(rule))': there is no such rule",
        hints: [guess.map { "Did you mean '\($0)'?" } ?? "'fairlead explain' lists them all."])
    }
    try session.show(
      Document(
        json: Self.json(section), table: { Table([section], Self.columns, for: $0) },
        text: { Self.text(section, $0) }))
    return .done
  }

  private static let columns: [Column<RuleSection>] = [
    Column("Rule", "RULE") { $0.id }, Column("Title", "TITLE") { $0.title },
  ]

  private static func json(_ section: RuleSection) -> JSON {
    var builder = JSONObjectBuilder()
    builder.set("rule", section.id)
    builder.set("title", section.title)
    builder.set("text", section.paragraphs.joined(separator: "\n\n"))
    for item in section.items {
      let words = item.name.lowercased().split(separator: " ")
      let key = words.enumerated().map {
        $0.offset == 0 ? String($0.element) : $0.element.prefix(1).uppercased() + $0.element.dropFirst()
      }
      builder.set(key.joined(), item.text)
    }
    return builder.json
  }

  static func text(_ section: RuleSection, _ layout: Layout) -> String {
    let style = Style(layout)
    let width = section.items.reduce(0) { max($0, $1.name.count) }
    let paragraphs = section.paragraphs.map { wrapped($0, width: layout.width) }
    let items = section.items.map { item in
      let name = (item.name.lowercased() + ":").padded(to: width + 2)
      let text = wrapped(item.text.filter { $0 != "`" }, width: layout.width, first: name)
      return style.bold(String(text.prefix(name.count))) + text.dropFirst(name.count)
    }
    return ([style.bold("\(section.id)  \(section.title)")] + paragraphs + [items.joined(separator: "\n")])
      .joined(separator: "\n\n") + "\n"
  }
}
