// What a fleet's flow shows: the plan, and what became of it.

internal import ExactJSON
internal import FairleadModel

extension FleetFlow {
  func show(_ plan: FleetAnswer) throws(Failure) -> CommandStatus {
    var last = (confirmation + ["A plan: nothing was recorded."]).joined(separator: " ")
    if let canary = target.canary, !plan.ready.isEmpty {
      last += " The least risky: \(FleetText.names(Array(plan.leastRiskyFirst.prefix(canary))))."
    }
    try session.show(
      document(plan) { layout in
        FleetText(self.verb, self.selection.text, layout).report(plan) + "\n"
          + wrapped(last, width: layout.width) + "\n"
      })
    guard detailedExitCode else { return .done }
    return !plan.refused.isEmpty ? .refused : plan.ready.isEmpty ? .done : .changes
  }

  private func document(_ answer: FleetAnswer, _ text: @escaping (Layout) throws(Failure) -> String) -> Document {
    Document(
      json: answer.json, table: { form in Table(answer.worstFirst, FleetAnswer.columns, for: form) }, text: text)
  }

  /// Shows the plan to whoever is asked; answers whether it stands on stdout already.
  func showPlan(_ plan: FleetAnswer) -> Bool {
    guard session.output == .text, console.isInteractive, console.outLayout.isTerminal else {
      console.err(FleetText(verb, selection.text, console.errLayout).report(plan))
      return session.output != .text
    }
    console.out(FleetText(verb, selection.text, console.outLayout).report(plan))
    return true
  }

  func tellIdle(_ plan: FleetAnswer) throws(Failure) -> CommandStatus {
    try session.show(
      document(plan) { layout in
        FleetText(self.verb, self.selection.text, layout).report(plan) + "\nNothing to record.\n"
      })
    return plan.refused.isEmpty ? .done : .refused
  }

  func tell(
    _ plan: FleetAnswer, _ answer: FleetAnswer, _ chosen: [FleetRow], wasShown: Bool
  ) throws(Failure) {
    let report: (Layout) -> String = { FleetText(self.verb, self.selection.text, $0).report(plan) }
    if !wasShown, session.output == .table || session.output == .tsv { console.err(report(console.errLayout)) }
    try session.show(
      document(answer) { layout in
        (wasShown ? "" : report(layout)) + "\n" + self.last(plan, answer, chosen, layout)
      })
    if console.outFailure != nil { console.note(last(plan, answer, chosen, console.errLayout)) }
  }

  /// What stands in the ledger now, what does not, and how to go on.
  private func last(_ plan: FleetAnswer, _ answer: FleetAnswer, _ chosen: [FleetRow], _ layout: Layout) -> String {
    let seqs = answer.rows.compactMap(\.seq).sorted()
    var lines: [String] = []
    if let first = seqs.first, let end = seqs.last {
      let which = seqs.count == 1 ? "change \(first)" : "\(seqs.count) changes, \(first) to \(end)"
      lines.append(Style(layout).bold("Recorded \(which)."))
      if !waitsOnly { lines.append("Each report has the commands that carry it out: fairlead report \(first)") }
      lines += confirmation.map { wrapped($0, width: layout.width) }
    } else {
      lines.append("Nothing was recorded.")
    }
    for row in answer.refused.prefix(20) {
      lines.append(wrapped("Refused: \(row.obstacle?.message ?? "")", width: layout.width, rest: "  "))
    }
    if !plan.refused.isEmpty {
      lines.append("Left out, since refused as things stand: \(EstimateText.count(plan.refused.count, "cluster")).")
    }
    if answer.refused.count > 20 { lines.append("... and \(answer.refused.count - 20) more refused.") }
    if target.canary != nil {
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

  /// That each change takes itself back, and how to keep them all.
  private var confirmation: [String] {
    guard let seconds = desired["confirmWithinSeconds"]?.intValue else { return [] }
    return [
      "Each reverts by itself \(seconds) s after it is recorded, unless 'fairlead confirm \(selection.flags)' follows; "
        + "its own report says whether that is clean."
    ]
  }
}
