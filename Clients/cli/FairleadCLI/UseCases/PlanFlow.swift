// A plan: what a change would do, with nothing recorded.

internal import ExactJSON
internal import FairleadModel

struct PlanFlow {
  let session: Session
  let method: String
  let params: JSONObject
  var document: String?
  var detailedExitCode = false
  var format: ReportFormat?

  func run() throws(Failure) -> CommandStatus {
    let plan = try Self.plan(session, method, params, document: document)
    let document = Document(
      json: plan.json,
      table: { form in Table(plan.report.findings, LedgerText.findings, for: form) },
      text: { layout in ReportText(layout).render(plan.report) + Self.last(plan, Style(layout)) })
    try session.show(document, as: format) { plan.report }
    guard detailedExitCode else { return .done }
    return plan.wouldBeRefused ? .refused : plan.changesNothing ? .done : .changes
  }

  static func plan(
    _ session: Session, _ method: String, _ params: JSONObject, document: String?
  ) throws(Failure) -> ChangeAnswer {
    var params = params
    params["dryRun"] = true
    do throws(Failure) {
      return try ChangeAnswer(session.call(method, params))
    } catch {
      throw error.naming(document: document)
    }
  }

  private static func last(_ plan: ChangeAnswer, _ style: Style) -> String {
    guard let digest = plan.report.planDigest, !plan.wouldBeRefused else {
      return "\n" + style.bold("A plan: nothing was recorded.") + "\n"
    }
    return "\n" + style.bold("A plan: nothing was recorded. To record exactly this, add to the change:")
      + "\n  --plan \(shellQuoted(sanitized(digest)))\n"
  }
}
