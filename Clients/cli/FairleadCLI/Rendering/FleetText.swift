// A fleet's report for a person: the worst verdict first, a line for each cluster, and the sums.

internal import FairleadModel
internal import FairleadWire

struct FleetText {
  let verb: String
  /// Which clusters were selected.
  let selection: String
  let layout: Layout
  private let style: Style

  init(_ verb: String, _ selection: String, _ layout: Layout) {
    self.verb = verb
    self.selection = selection
    self.layout = layout
    style = Style(layout)
  }

  /// The report of a plan.
  func report(_ plan: FleetAnswer) -> String {
    let rows = plan.worstFirst
    let width = rows.reduce(0) { max($0, label($1).count) }
    let names = min(40, rows.reduce(0) { max($0, sanitized($1.subject).count) })
    let parts = [
      [head(plan)], ["", style.bold("Clusters")] + rows.map { line($0, width, names) }, reach(plan), detail(rows),
    ]
    return parts.joined().joined(separator: "\n") + "\n"
  }

  private func head(_ plan: FleetAnswer) -> String {
    let count = EstimateText.count(plan.rows.count, "cluster")
    let word = plan.verdict.rawValue.uppercased()
    let line = wrapped("\(verb) \(count) (\(selection)): \(counts(plan))", width: layout.width, first: word + "  ")
    return style.severity(plan.verdict) + line.dropFirst(word.count)
  }

  private func counts(_ plan: FleetAnswer) -> String {
    var parts: [String] = []
    if !plan.refused.isEmpty { parts.append("\(plan.refused.count) refused") }
    for severity in Severity.allCases.sorted(by: >) {
      let count = plan.ready.count { $0.verdict == severity }
      guard count > 0 else { continue }
      parts.append(severity == .none ? "\(count) without impact" : "\(count) \(severity.rawValue)")
    }
    let idle = plan.rows.count { $0.isUnchanged }
    if idle > 0 { parts.append("\(idle) with nothing to do") }
    return parts.joined(separator: ", ")
  }

  private func label(_ row: FleetRow) -> String {
    guard let verdict = row.verdict, row.obstacle == nil || verdict == .blocked else { return "REFUSED" }
    return verdict.rawValue.uppercased()
  }

  /// A cluster's line, cut at the width. Its name is never cut.
  private func line(_ row: FleetRow, _ width: Int, _ names: Int) -> String {
    let label = label(row)
    let lead = "  \(label.padded(to: width))  \(sanitized(row.subject).padded(to: names))  "
    let room = max(12, layout.width - lead.count)
    // The findings are never cut; the change is cut to the room that is left.
    let found = found(row)
    let what = sanitized(what(row, less: found))
    let left = max(4, room - found.count)
    let cut = (what.count > left ? what.prefix(left - 3) + "..." : what[...]) + found
    let painted = row.verdict.map { row.obstacle == nil || $0 == .blocked ? style.severity($0) : label } ?? label
    return ("  " + painted + lead.dropFirst(2 + label.count) + cut).trimmingTrailingSpaces
  }

  /// The findings by severity, as a summary ends with them.
  private func found(_ row: FleetRow) -> String {
    guard row.isReady else { return "" }
    var parts = Severity.allCases.sorted(by: >).compactMap { severity in
      row.findings[severity].map { "\($0) \(severity.rawValue)" }
    }
    if row.unknown > 0 { parts.append("\(row.unknown) unknown") }
    if !row.overridden.isEmpty { parts.append("\(row.overridden.count) overridden") }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }

  private func what(_ row: FleetRow, less found: String) -> String {
    if let obstacle = row.obstacle {
      guard !obstacle.by.isEmpty else { return obstacle.message }
      let by = obstacle.by.joined(separator: ", ")
      return obstacle.kind == .prerequisite ? "refused until this is met: \(by)" : "refused by \(by)"
    }
    if row.isUnchanged { return "nothing to do" }
    // The line starts with the cluster's name already.
    let lead = "\(verb) \(row.subject): "
    var what = row.summary.hasPrefix(lead) ? row.summary.dropFirst(lead.count) : row.summary[...]
    if !found.isEmpty, what.hasSuffix(found) { what = what.dropLast(found.count) }
    return String(what)
  }

  /// What the changes reach together, as far as it is known.
  private func reach(_ plan: FleetAnswer) -> [String] {
    let ready = plan.ready
    guard !ready.isEmpty else { return [] }
    func sum(_ numbers: [Int?], _ noun: String) -> String {
      let known = numbers.compactMap { $0 }
      guard !known.isEmpty else { return "an unknown number of \(noun)s" }
      let total = known.reduce(0) { $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1 }
      let unknown = numbers.count - known.count
      return (unknown > 0 ? "at least " : "") + EstimateText.count(total, noun)
        + (unknown > 0 ? " (unknown for \(EstimateText.count(unknown, "cluster")))" : "")
    }
    let text =
      "\(EstimateText.count(ready.count, "cluster")) to change, \(sum(ready.map(\.nodes), "node")), "
      + sum(ready.map(\.services), "Service")
    return ["", style.bold("Affected"), wrapped(text, width: layout.width, first: "  ")]
  }

  private func detail(_ rows: [FleetRow]) -> [String] {
    guard let worst = rows.first, !worst.isUnchanged, verb != "confirm" else { return [] }
    return [
      "", style.bold("One in detail, such as the first: the same options, with its name"),
      "  fairlead plan \(verb) \(Self.flags(worst.subject)) ...",
    ]
  }

  /// The flags that name a cluster, from how it is shown.
  static func flags(_ subject: String) -> String {
    ClusterKey(display: subject).map { sanitized($0.flags) } ?? spelled("-n", "--name", sanitized(subject))
  }

  /// Up to `limit` names in one line.
  static func names(_ rows: [FleetRow], limit: Int = 10) -> String {
    let shown = rows.prefix(limit).map { sanitized($0.subject) }.joined(separator: ", ")
    return rows.count > limit ? "\(shown) and \(rows.count - limit) more" : shown
  }

  static let columns: [Column<FleetRow>] = [
    Column("Verdict", nil) { $0.verdict?.rawValue ?? "-" },
    Column("Cluster", nil) { $0.subject },
    Column("Change", nil) { $0.seq.map(String.init) ?? "-" },
    Column("Revision", nil) { $0.revision.map(String.init) ?? "-" },
    Column("Nodes", nil) { $0.nodes.map(String.init) ?? "-" },
    Column("Refused", nil) { row in
      row.obstacle.map { $0.by.isEmpty ? $0.kind?.rawValue ?? "yes" : $0.by.joined(separator: ",") } ?? "-"
    },
    Column("Summary", nil) { row in row.obstacle.flatMap { $0.by.isEmpty ? $0.message : nil } ?? row.summary },
  ]
}
