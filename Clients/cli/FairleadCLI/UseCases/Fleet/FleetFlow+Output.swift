// What a fleet's change shows: the plan, and what became of it.

internal import ExactJSON
internal import FairleadModel

extension FleetFlow {
  func show(_ plan: FleetAnswer, detailedExitCode: Bool) throws(Failure) -> CommandStatus {
    var last = (confirmation + ["A plan: nothing was recorded."]).joined(separator: " ")
    if let canary = change.scope.canary, !plan.ready.isEmpty {
      last += " The least risky: \(FleetText.names(Array(plan.leastRiskyFirst.prefix(canary))))."
    }
    try session.show(
      document(plan) { layout in
        report(plan, layout) + "\n" + wrapped(last, width: layout.width) + "\n"
      })
    guard detailedExitCode else { return .done }
    return !plan.refused.isEmpty ? .refused : plan.ready.isEmpty ? .done : .changes
  }

  private func document(_ answer: FleetAnswer, _ text: @escaping (Layout) throws(Failure) -> String) -> Document {
    Document(
      json: answer.json, table: { form in Table(answer.worstFirst, FleetText.columns, for: form) }, text: text)
  }

  private func report(_ plan: FleetAnswer, _ layout: Layout) -> String {
    FleetText(change.verb.rawValue, change.selection.text, layout).report(plan)
  }

  /// Shows the plan to the person who is asked; returns whether it need not be shown again.
  func showPlan(_ plan: FleetAnswer) -> Bool {
    guard session.output == .text, console.isInteractive, console.outLayout.isTerminal else {
      console.err(report(plan, console.errLayout))
      return session.output != .text
    }
    console.out(report(plan, console.outLayout))
    return true
  }

  func reportIdle(_ plan: FleetAnswer) throws(Failure) -> CommandStatus {
    try session.show(
      document(plan) { layout in
        report(plan, layout) + "\nNothing to record.\n"
      })
    return plan.refused.isEmpty ? .done : .refused
  }

  func report(
    _ plan: FleetAnswer, _ answer: FleetAnswer, _ chosen: [FleetRow], wasShown: Bool
  ) throws(Failure) {
    if !wasShown, session.output == .table || session.output == .tsv { console.err(report(plan, console.errLayout)) }
    try session.show(
      document(answer) { layout in
        (wasShown ? "" : report(plan, layout)) + "\n" + self.last(plan, answer, chosen, layout)
      })
    if console.outFailure != nil { console.note(last(plan, answer, chosen, console.errLayout)) }
  }

  /// What was recorded, what was not, and how to go on.
  private func last(_ plan: FleetAnswer, _ answer: FleetAnswer, _ chosen: [FleetRow], _ layout: Layout) -> String {
    let seqs = answer.rows.compactMap(\.seq).sorted()
    var lines: [String] = []
    if let first = seqs.first, let end = seqs.last {
      let which = seqs.count == 1 ? "change \(first)" : "\(seqs.count) changes, \(first) to \(end)"
      lines.append(Style(layout).bold("Recorded \(which)."))
      if change.verb != .confirm {
        lines.append("Each report has the commands that carry it out: fairlead report \(first)")
      }
      lines += confirmation.map { wrapped($0, width: layout.width) }
    } else {
      lines.append("Nothing was recorded.")
    }
    for row in answer.refused.prefix(20) {
      lines.append(wrapped("Refused: \(row.obstacle?.message ?? "")", width: layout.width, rest: "  "))
      lines += (row.obstacle?.hints ?? []).map { wrapped($0, width: layout.width, first: "  ") }
    }
    if !plan.refused.isEmpty {
      lines.append("Left out, since refused as things stand: \(EstimateText.count(plan.refused.count, "cluster")).")
    }
    if answer.refused.count > 20 { lines.append("... and \(answer.refused.count - 20) more refused.") }
    if change.scope.canary != nil {
      let rest = plan.ready.count - chosen.count
      lines.append(wrapped("The least risky: \(FleetText.names(chosen)).", width: layout.width, rest: "  "))
      let others =
        rest == 0
        ? "No other is left to change."
        : "To go on with the other \(rest), once these are well: the same command without --canary."
      lines.append(wrapped(others, width: layout.width, rest: "  "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// That each change reverts by itself, and how to keep them all.
  private var confirmation: [String] {
    guard let seconds = change.desired["confirmWithinSeconds"]?.intValue else { return [] }
    return [
      "Each reverts by itself \(seconds) s after it is recorded, unless 'fairlead confirm \(change.selection.flags)' follows; "
        + "its own report says whether that is clean."
    ]
  }
}
