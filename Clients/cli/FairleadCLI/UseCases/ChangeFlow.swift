// The one way of every change: plan it where a person is to be asked, ask, record it, and tell what was recorded.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire

struct ChangeFlow {
  /// When a person is asked.
  enum PromptPolicy: Sendable, Hashable {
    case never
    /// When the report's verdict is high or worse.
    case whenDisruptive
    case always
  }

  /// Where the report and the result go.
  enum OutputStyle: Sendable, Hashable {
    /// The report is the text output; other forms show the whole answer.
    case fairlead
    /// The report goes to stderr, and stdout has what az would print.
    case az
  }

  let session: Session
  let method: String
  /// Everything but how it is recorded.
  let params: JSONObject
  let commit: CommitOptions
  var prompt = PromptPolicy.never
  var outputStyle = OutputStyle.fairlead
  /// Where the configuration was read.
  var document: String?
  /// What az would print, under `aks`.
  var azDocument: (ChangeAnswer) -> Document? = { _ in nil }

  private var console: any Console { session.console }

  func run() throws(Failure) -> CommandStatus { try record().status }

  /// Records the change. The answer is `nil` where nothing was asked to be recorded.
  func record() throws(Failure) -> (status: CommandStatus, answer: ChangeAnswer?) {
    if commit.dryRun {
      return (try PlanFlow(session: session, method: method, params: params, document: document).run(), nil)
    }
    guard prompt != .never, !commit.yes else {
      let answer = try send()
      try tell(answer, wasShown: false)
      return (.done, answer)
    }
    let plan: ChangeAnswer
    do throws(Failure) {
      plan = try PlanFlow.plan(session, method, params, document: document)
    } catch {
      guard mayBeRepeated(after: error) else { throw error }
      let answer = try send()
      try tell(answer, wasShown: false)
      return (.done, answer)
    }
    // What would be refused is sent all the same: refusing is the daemon's office, and its error says why. Where nobody
    // is asked, nothing but this plan may be recorded: what has moved since might have to be asked about.
    guard prompt == .always || plan.isDisruptive, !plan.wouldBeRefused else {
      // A request that may be sent again has to be the same again, and a digest would not be.
      let answer = try send(plan: commit.requestID == nil ? plan.report.planDigest : nil)
      try tell(answer, wasShown: false)
      return (.done, answer)
    }
    let wasShown = showPlan(plan)
    guard try ask(about: plan.report) else {
      console.err("Nothing was recorded.\n")
      return (.failed, nil)
    }
    let answer = try send(plan: plan.report.planDigest)
    try tell(answer, wasShown: wasShown)
    return (.done, answer)
  }

  /// Whether a plan may have failed because the change is recorded already, under the same idempotency key. The daemon
  /// then answers as it did before, and refuses on the same ground otherwise.
  private func mayBeRepeated(after failure: Failure) -> Bool {
    guard commit.requestID != nil, let cause = failure.cause else { return false }
    return cause.kind == .notFound || cause.hasMovedOn
  }

  /// Sends the change. A digest that the person named wins over the plan that was shown.
  private func send(plan digest: String? = nil) throws(Failure) -> ChangeAnswer {
    var params = params
    params["planDigest"] = (commit.plan ?? digest).map { .string($0) }
    params["requestId"] = commit.requestID.map { .string($0) }
    let result: JSON
    do throws(Failure) {
      result = try session.call(method, params)
    } catch {
      throw error.naming(document: document)
    }
    do throws(Failure) {
      return try ChangeAnswer(result)
    } catch {
      var failure = error
      if let seq = result["seq"]?.intValue { failure.hints.insert("It was recorded, as change \(seq).", at: 0) }
      throw failure
    }
  }

  /// Whether text about the change is what stdout is for.
  private var reportsOnOut: Bool { outputStyle == .fairlead && session.output == .text }

  /// Shows the plan to whoever is asked: on stdout only where that is the person's terminal. Answers whether the report
  /// has been where it belongs, and need not be told again.
  private func showPlan(_ plan: ChangeAnswer) -> Bool {
    guard reportsOnOut, console.isInteractive, console.outLayout.isTerminal else {
      console.err(ReportText(console.errLayout).body(plan.report))
      return !reportsOnOut
    }
    console.out(ReportText(console.outLayout).body(plan.report))
    return true
  }

  private func ask(about report: Report) throws(Failure) -> Bool {
    try ConfirmationPrompt.ask(console, report.verdict, "this change")
  }

  private func tell(_ answer: ChangeAnswer, wasShown: Bool) throws(Failure) {
    switch outputStyle {
    case .az:
      console.err(text(answer, console.errLayout, wasShown: wasShown))
      if let document = azDocument(answer) { try session.show(document) }
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
    if console.outFailure != nil, answer.seq != nil { console.note(sanitized(answer.recorded)) }
  }

  private func document(_ answer: ChangeAnswer) -> Document {
    Document(json: answer.json, table: { answer.table($0) }, text: { _ in "" })
  }

  /// The report, less what was already shown, and the last line.
  private func text(_ answer: ChangeAnswer, _ layout: Layout, wasShown: Bool) -> String {
    let style = Style(layout)
    let last = style.bold(sanitized(answer.recorded)) + "\n"
    guard answer.seq != nil else {
      let notes = answer.report.notes.map { wrapped($0, width: layout.width, first: "- ") + "\n" }
      return notes.joined() + last
    }
    let report = ReportText(layout)
    let parts = [wasShown ? report.sequel(answer.report) : report.render(answer.report), last]
    return (wasShown ? "\n" : "") + parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
