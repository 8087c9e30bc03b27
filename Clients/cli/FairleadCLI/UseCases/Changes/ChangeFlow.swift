// The steps of every change: plan it if a person may have to be asked, ask, record it, and report what was recorded.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire

struct ChangeFlow {
  let session: Session
  let change: ProposedChange
  let execution: ChangeExecution
  var prompt = PromptPolicy.never
  var style = ChangeOutputStyle.fairlead

  private var console: any Console { session.console }

  func run() throws(Failure) -> CommandStatus { try perform().status }

  /// Plans or records the change. The answer is `nil` where nothing was recorded.
  func perform() throws(Failure) -> (status: CommandStatus, answer: ChangeAnswer?) {
    switch execution {
    case .plan(let output): (try PlanFlow(session: session, change: change, output: output).run(), nil)
    case .record(let recording): try record(recording)
    }
  }

  private func record(_ recording: Recording) throws(Failure) -> (status: CommandStatus, answer: ChangeAnswer?) {
    guard prompt != .never, !recording.isConfirmed else { return try send(recording, digest: nil) }
    let plan: ChangeAnswer
    do throws(Failure) {
      plan = try PlanFlow.plan(change, in: session)
    } catch {
      guard mayBeRepetition(recording, after: error) else { throw error }
      return try send(recording, digest: nil)
    }
    // A plan that would be refused is sent too: the daemon refuses it, and its error says why. Where nobody is asked,
    // only the plan that was judged may be recorded: a newer one could be disruptive.
    guard prompt == .always || plan.isDisruptive, !plan.wouldBeRefused else {
      // A request that may be sent again has to be the same again, and a digest would not be.
      return try send(recording, digest: recording.requestID == nil ? plan.report.planDigest : nil)
    }
    let wasShown = showPlan(plan)
    guard try ConfirmationPrompt.ask(console, plan.report.verdict, "this change") else {
      console.err("Nothing was recorded.\n")
      return (.failed, nil)
    }
    return try send(recording, digest: plan.report.planDigest, reportWasShown: wasShown)
  }

  /// Whether a plan may have failed because the change is recorded already, under the same idempotency key. The daemon
  /// then sends the same answer again; otherwise it refuses for the same reason as the plan.
  private func mayBeRepetition(_ recording: Recording, after failure: Failure) -> Bool {
    guard recording.requestID != nil, let cause = failure.cause else { return false }
    return cause.kind == .notFound || cause.hasMovedOn
  }

  /// Records the change and reports it. A digest that the person named wins over that of the plan that was shown.
  private func send(
    _ recording: Recording, digest: String?, reportWasShown: Bool = false
  ) throws(Failure) -> (status: CommandStatus, answer: ChangeAnswer?) {
    var params = change.params
    params["planDigest"] = (recording.planDigest ?? digest).map { .string($0) }
    params["requestId"] = recording.requestID.map { .string($0) }
    let result: JSON
    do throws(Failure) {
      result = try session.call(change.method, params)
    } catch {
      throw error.naming(document: change.document)
    }
    let answer: ChangeAnswer
    do throws(Failure) {
      answer = try ChangeAnswer(result)
    } catch {
      var failure = error
      if let seq = result["seq"]?.intValue { failure.hints.insert("It was recorded, as change \(seq).", at: 0) }
      throw failure
    }
    try report(answer, wasShown: reportWasShown)
    return (.done, answer)
  }

  // MARK: Output

  /// Whether text about the change is what stdout is for.
  private var reportsOnOut: Bool { style == .fairlead && session.output == .text }

  /// Shows the plan to the person who is asked: on stdout only where that is the person's terminal. Returns whether the
  /// report was written where it belongs, and need not be written again.
  private func showPlan(_ plan: ChangeAnswer) -> Bool {
    guard reportsOnOut, console.isInteractive, console.outLayout.isTerminal else {
      console.err(ReportText(console.errLayout).body(plan.report))
      return !reportsOnOut
    }
    console.out(ReportText(console.outLayout).body(plan.report))
    return true
  }

  private func report(_ answer: ChangeAnswer, wasShown: Bool) throws(Failure) {
    switch style {
    case .az:
      console.err(text(answer, console.errLayout, wasShown: wasShown))
      if let document = AksText.document(answer) { try session.show(document) }
    case .fairlead:
      switch session.output {
      case .text: console.out(text(answer, console.outLayout, wasShown: wasShown))
      case .json, .yaml: try session.show(document(answer))
      case .table, .tsv:
        if !wasShown { console.err(ReportText(console.errLayout).render(answer.report)) }
        try session.show(document(answer))
      case .none: break
      }
    }
    // The exit code is about to say that something failed; it was not the change.
    if console.outFailure != nil, answer.seq != nil { console.note(sanitized(ChangeText.recorded(answer))) }
  }

  private func document(_ answer: ChangeAnswer) -> Document {
    Document(json: answer.json, table: { ChangeText.table(answer, $0) }, text: { _ in "" })
  }

  /// The report, less what was already shown, and the last line.
  private func text(_ answer: ChangeAnswer, _ layout: Layout, wasShown: Bool) -> String {
    let style = Style(layout)
    let last = style.bold(sanitized(ChangeText.recorded(answer))) + "\n"
    guard answer.seq != nil else {
      let notes = answer.report.notes.map { wrapped($0, width: layout.width, first: "- ") + "\n" }
      return notes.joined() + last
    }
    let report = ReportText(layout)
    let parts = [wasShown ? report.sequel(answer.report) : report.render(answer.report), last]
    return (wasShown ? "\n" : "") + parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
