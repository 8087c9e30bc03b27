// `fairlead report`: the impact report of a change, as it was given.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ReportCommand: PlainCommand {
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

  var work: ReportWork { ReportWork(everywhere: everywhere, seq: seq, format: format.format) }
}

struct ReportWork: PlainWork, Hashable {
  let everywhere: Everywhere
  let seq: Int
  let format: ReportFormat?

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("report.get", JSONObject([.init(key: "seq", value: .integer(seq))]))
    func report() throws(Failure) -> Report { try Session.read(json, Report.init(_:)) }
    let document = Document(
      json: json,
      table: { (form) throws(Failure) in
        Table(try report().findings, LedgerText.findings, for: form)
      },
      text: { (layout) throws(Failure) in ReportText(layout).render(try report()) })
    try session.show(document, as: format) { () throws(Failure) in try report() }
    return .done
  }
}

extension ReportWork {
  init?(_ words: inout PlainWords) {
    everywhere = words.takeEverywhere()
    guard let seq = words.takeArgument().flatMap({ Int($0) }) else { return nil }
    self.seq = seq
    format = words.take("--format", as: ReportFormat.init(rawValue:))
  }
}
