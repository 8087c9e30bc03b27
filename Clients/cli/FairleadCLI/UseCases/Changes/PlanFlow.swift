// A plan: what a change would do, with nothing recorded.

internal import ExactJSON
internal import FairleadModel

struct PlanFlow {
  let session: Session
  let change: ProposedChange
  let output: PlanOutput

  func run() throws(Failure) -> CommandStatus {
    let plan = try Self.plan(change, in: session)
    let document = Document(
      json: plan.json,
      table: { form in Table(plan.report.findings, LedgerText.findings, for: form) },
      text: { layout in ReportText(layout).render(plan.report) + Self.last(plan, Style(layout)) })
    try session.show(document, as: output.format) { plan.report }
    guard output.detailedExitCode else { return .done }
    return plan.wouldBeRefused ? .refused : plan.changesNothing ? .done : .changes
  }

  /// What the daemon plans for `change`.
  static func plan(_ change: ProposedChange, in session: Session) throws(Failure) -> ChangeAnswer {
    var params = change.params
    params["dryRun"] = true
    do throws(Failure) {
      return try ChangeAnswer(session.call(change.method, params))
    } catch {
      throw error.naming(document: change.document)
    }
  }

  private static func last(_ plan: ChangeAnswer, _ style: Style) -> String {
    guard let digest = plan.report.planDigest, !plan.wouldBeRefused else {
      return "\n" + style.bold("A plan: nothing was recorded.") + "\n"
    }
    return "\n" + style.bold("A plan: nothing was recorded. To record exactly this, add to the change:")
      + "\n  \(spelled("--plan", sanitized(digest)))\n"
  }
}
