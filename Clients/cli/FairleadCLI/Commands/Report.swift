// `fairlead report`: the impact report of a change, as it was given.

internal import ArgumentParser
internal import FairleadJSON
internal import FairleadModel

struct ReportCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show the impact report of a change.",
    discussion: """
      Example:
        fairlead report 42 --format markdown > impact.md
        fairlead report 42 --format html > impact.html
      """)

  @Argument(help: "The change's number, as 'fairlead log' shows it.") var seq: Int

  @OptionGroup var format: ReportFormatOptions

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
    try session.show(document, as: format.format) { () throws(Failure) in try report() }
    return .done
  }
}

extension ReportCommand: PlainCommand {
  init?(_ words: inout PlainWords) {
    self.init()
    guard let word = words.takeArgument(), let seq = Int(word) else { return nil }
    self.seq = seq
    format = ReportFormatOptions(&words)
    global = GlobalOptions(&words)
  }
}
