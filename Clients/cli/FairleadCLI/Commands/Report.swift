// `fairlead report`: the impact report of a change, as it was given.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ReportCommand: FastPathCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show the impact report of a change.",
    discussion: """
      Example:
        fairlead report 42 --format markdown > impact.md
        fairlead report 42 --format html > impact.html
      """)

  @Argument(help: "The change's number, as 'fairlead log' shows it.") var seq: Int

  @OptionGroup var format: ReportFormatOptions

  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  var work: ReportAction { ReportAction(common: common, seq: seq, format: format.format) }
}

struct ReportAction: FastPathAction, Hashable {
  let common: CommonOptions
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

extension ReportAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    guard let seq = words.takeArgument().flatMap({ Int($0) }) else { return nil }
    self.seq = seq
    format = words.take("--format", as: ReportFormat.init(rawValue:))
  }
}
