// `fairlead report`: the impact report of a change, as it was given.

internal import ArgumentParser
internal import FairleadJSON
internal import FairleadModel

struct ReportCommand: FairleadCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case markdown
  }

  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show the impact report of a change.",
    discussion: """
      Example:
        fairlead report 42 --format markdown > impact.md
      """)

  @Argument(help: "The change's number, as 'fairlead log' shows it.") var seq: Int

  @Option(help: "How to write it; --output decides where this is left out.") var format: Format?

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("report.get", JSONObject([.init(key: "seq", value: .integer(seq))]))
    func report() throws(Failure) -> Report { try Session.read(json, Report.init(_:)) }
    let document = Document(
      json: json,
      table: { (form) throws(Failure) in
        Table(try report().findings, LedgerText.findings, for: form)
      },
      text: { (layout) throws(Failure) in ReportText(layout).render(try report()) })
    switch format {
    case .text: session.console.out(try Output.text.render(document, session.console.outLayout))
    case .json: session.console.out(try Output.json.render(document, session.console.outLayout))
    case .markdown: session.console.out(ReportMarkdown.render(try report()))
    case nil: try session.show(document)
    }
    return .done
  }
}
