// What a person does, in order: the first screen's short answer, the steps, and the way back.

internal import FairleadModel

/// A rule's id, and where on the page it is explained.
struct RuleLink {
  let name: String
  let target: [String]

  init(_ rule: String, _ findings: FindingList) {
    name = rule
    target = optional(findings.id(of: rule))
  }
}

struct StepView {
  let text: String
  let commands: [String]
  let hasRules: Bool
  let rules: [RuleLink]

  init(_ step: Step, _ findings: FindingList) {
    text = step.text
    commands = step.commands
    rules = step.rules.map { RuleLink($0, findings) }
    hasRules = !rules.isEmpty
  }
}

/// The steps of one phase, numbered through all phases.
struct PhaseView {
  let phase: String
  let phaseHeading: String
  let start: String
  let steps: [StepView]

  /// A refused change has only the steps before it, since it is neither carried out nor reverted.
  static func all(_ report: Report, _ findings: FindingList) -> [PhaseView] {
    let phases: [Step.Phase] = report.isRefused ? [.before] : Step.Phase.allCases
    var next = 1
    return phases.compactMap { phase in
      let steps = report.sequence.filter { $0.phase == phase }
      guard !steps.isEmpty else { return nil }
      defer { next += steps.count }
      return PhaseView(
        phase: phase.rawValue, phaseHeading: phase.heading, start: String(next),
        steps: steps.map { StepView($0, findings) })
    }
  }
}

struct BackView {
  let isClean: Bool
  let backCommand: String
  let hasCaveats: Bool
  let caveats: [RuleLink]

  static func all(_ report: Report, _ findings: FindingList) -> [BackView] {
    guard let rollback = report.rollback, !report.isRefused else { return [] }
    let caveats = rollback.caveats.map { RuleLink($0, findings) }
    return [
      BackView(
        isClean: rollback.clean, backCommand: rollback.command, hasCaveats: !caveats.isEmpty, caveats: caveats)
    ]
  }
}

/// The first screen: what breaks, and what to do about it.
struct GlanceView {
  let breaks: [FindingView]
  let more: [String]
  let nothingBreaks: [String]
  let doHeading: String
  let actions: [String]
  let way: [String]

  /// How many lines either list has on the first screen.
  private static let lines = 4

  init(_ report: Report, _ findings: FindingList) {
    let worst = findings.known.filter { $0.finding.severity >= .medium && !$0.finding.standing }
    breaks = worst.prefix(Self.lines).map { FindingView($0.finding, id: $0.id) }
    more = optional(worst.count > Self.lines ? "and \(worst.count - Self.lines) more below" : nil)
    let unknown = findings.unknown.count
    let unsettled =
      unknown == 0
      ? ""
      : " \(counted(unknown, "finding")) \(unknown == 1 ? "hangs" : "hang") on facts that are not known; see below."
    nothingBreaks = worst.isEmpty ? ["Nothing that is known of this cluster breaks.\(unsettled)"] : []
    if report.isRefused {
      doHeading = "What lets it through"
      let rules = report.findings.filter { $0.severity == .blocked && !$0.standing }.map(\.remedyWithHint)
      let gates = report.prerequisites.filter { $0.id.isGate && !$0.met }.map { "\($0.detail) Run: \($0.command)" }
      actions = (rules + gates).filter { !$0.isEmpty }
    } else {
      let steps = report.sequence.filter { $0.phase == .before }.map(\.text)
      let remedies = worst.map(\.finding.remedyWithHint).filter { !$0.isEmpty }
      doHeading = "What to do first"
      let all = steps.isEmpty ? remedies : steps
      actions = all.isEmpty ? ["Nothing before it is carried out."] : Array(all.prefix(Self.lines))
    }
    way = optional(
      report.isRefused
        ? nil
        : report.rollback.map { rollback in
          rollback.clean
            ? "Going back is clean."
            : "Going back is not clean"
              + (rollback.caveats.isEmpty ? "." : ": \(rollback.caveats.joined(separator: ", ")).")
        })
  }
}
