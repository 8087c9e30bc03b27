// Shows the impact report of a change.

internal import ExactJSON
internal import FairleadModel

struct ReportAction: CommandAction, Hashable {
  let common: CommonOptions
  let seq: Int
  let format: ReportFormat?

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("report.get", JSONObject([.init(key: "seq", value: .integer(seq))]))
    func report() throws(Failure) -> Report { try DaemonReply.read(json, Report.init(_:)) }
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
