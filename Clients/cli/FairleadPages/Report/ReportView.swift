// What the report's template shows, member by member.

internal import FairleadModel

struct ReportView {
  struct Row {
    let path: String
    let before: String
    let beforeIsDefault: Bool
    let after: String
    let afterIsDefault: Bool
  }

  struct Tally {
    let severity: String
    let icon: String
    let text: String
  }

  struct Requirement {
    let isMet: Bool
    let state: String
    let name: String
    let about: String
    let command: [String]
  }

  struct Reached {
    let subject: String
    let effect: String
  }

  let pageTitle: String
  let style = Page.style
  let kicker: String
  let severity: String
  let word: String
  let icon: String
  let summary: String
  let subject: String
  let meaning: String
  let refusal: [String]
  let overridden: [String]
  let confirmation: [String]
  let tally: [Tally]
  let glance: GlanceView
  let hasDiff: Bool
  let diff: [Row]
  let hasGroups: Bool
  let groups: [FindingGroup]
  let hasMissing: Bool
  let missing: [MissingGroup]
  let hasPrerequisites: Bool
  let prerequisites: [Requirement]
  let hasFigures: Bool
  let figures: [FigureView]
  let hasSequence: Bool
  let sequence: [PhaseView]
  let back: [BackView]
  let reach: [String]
  let reached: [Reached]
  let hasNotes: Bool
  let notes: [String]
  let generated: String
  let digest: [String]
  let format: String

  init(_ report: Report, generated: String) {
    let findings = FindingList(report)
    // A change that a gate refuses is a refusal whatever its findings say.
    let shown: Severity = report.isRefused ? .blocked : report.verdict
    word = report.isRefused && report.verdict != .blocked ? "Refused" : report.verdict.word
    pageTitle = "\(word): \(report.summary)"
    kicker = report.seq.map { "Impact report of change \($0)" } ?? "Impact report of a plan: nothing is recorded"
    severity = shown.rawValue
    icon = SeverityMark.svg(shown)
    // A browser may break a line between the two characters of "->".
    summary = report.summary.replacing(" -> ", with: " \u{2192} ")
    subject = report.subject
    meaning =
      report.isRefused && report.verdict != .blocked
      ? "Its findings: \(report.verdict.rawValue)." : report.verdict.meaning
    refusal = optional(report.refusal)
    overridden = optional(report.overridden.joined(separator: ", "))
    confirmation = report.confirmation
    groups = findings.groups
    missing = findings.missing
    var tally = groups.map { group in
      Tally(severity: group.severity, icon: group.findings[0].icon, text: "\(group.count) \(group.severity)")
    }
    if !findings.unknown.isEmpty {
      tally.append(Tally(severity: "unknown", icon: "", text: "\(findings.unknown.count) unknown"))
    }
    self.tally = tally
    hasGroups = !groups.isEmpty
    hasMissing = !missing.isEmpty
    glance = GlanceView(report, findings)
    diff = report.diff.map {
      Row(
        path: $0.path, before: DiffEntry.words($0.before), beforeIsDefault: $0.beforeIsDefault,
        after: DiffEntry.words($0.after), afterIsDefault: $0.afterIsDefault)
    }
    hasDiff = !diff.isEmpty
    prerequisites = report.prerequisites.map {
      Requirement(
        isMet: $0.met, state: $0.met ? "met" : "not met", name: $0.id.rawValue, about: $0.detail,
        command: optional($0.command))
    }
    hasPrerequisites = !prerequisites.isEmpty
    figures = FigureView.all(report.estimates)
    hasFigures = !figures.isEmpty
    sequence = PhaseView.all(report, findings)
    hasSequence = !sequence.isEmpty
    back = BackView.all(report, findings)
    reach = optional(Self.words(report.affected))
    reached = report.affected.named.map { Reached(subject: $0.subject, effect: $0.effect.rawValue) }
    notes = report.notes
    hasNotes = !notes.isEmpty
    self.generated = generated
    digest = optional(report.planDigest)
    format = String(Report.formatVersion)
  }

  private static func words(_ affected: Affected) -> String {
    guard affected.clusters > 0 else { return "" }
    let more = [affected.nodes.map { counted($0, "node") }, affected.services.map { counted($0, "Service") }]
    return ([counted(affected.clusters, "cluster")] + more.compactMap(\.self)).joined(separator: ", ")
  }
}
