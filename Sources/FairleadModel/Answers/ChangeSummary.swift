// A report reduced to the few numbers that a list of thousands has room for.

package import ExactJSON

/// What a fleet's report says about one cluster. `report.get` has the whole report of a recorded change.
package struct ChangeSummary: JSONEncodable, Sendable, Hashable {
  /// Why a commit of this plan would be refused.
  package struct Obstacle: JSONEncodable, Sendable, Hashable {
    /// `blocked` or `prerequisite`.
    package let kind: String
    package let message: String
    /// The rules that block, or the prerequisites that are not met.
    package let by: [String]

    package init(kind: String, message: String, by: [String]) {
      self.kind = kind
      self.message = message
      self.by = by
    }

    package func write(to text: inout JSONWriter) {
      text.set("kind", kind)
      text.set("message", message)
      text.set("by", by)
    }
  }

  /// `nil` for a plan, and where there was nothing to record.
  package let seq: Int?
  package let revision: Int?
  package let verdict: Severity
  package let summary: String
  package let overridden: [String]
  /// The number of findings by severity, without standing and overridden ones and those that depend on a missing fact.
  package let findings: [Severity: Int]
  /// The number of findings that depend on a missing fact.
  package let unknown: Int
  package let nodes: Int?
  package let services: Int?
  package let planDigest: String?
  /// Whether a rollback is clean, and the rules that say what it leaves behind.
  package let rollback: RollbackAdvice?
  package let refusal: Obstacle?

  /// `refusal` is what a commit of a plan would be refused with.
  package init(_ outcome: ChangeOutcome, refusal: Refusal?) {
    let report = outcome.report
    seq = outcome.seq
    revision = outcome.revision
    verdict = report.verdict
    summary = report.summary
    overridden = report.overridden
    let fresh = report.findings.filter { !$0.standing && !report.overridden.contains($0.rule) }
    let known = fresh.filter { $0.certainty != .unknown }
    findings = Dictionary(grouping: known, by: \.severity).mapValues(\.count)
    unknown = fresh.count - known.count
    nodes = report.affected.nodes
    services = report.affected.services
    planDigest = report.planDigest
    rollback = report.rollback
    self.refusal = refusal.flatMap { Self.obstacle($0, report) }
  }

  private static func obstacle(_ refusal: Refusal, _ report: Report) -> Obstacle? {
    switch refusal.code {
    case .blocked:
      let rules = report.findings.filter {
        $0.severity == .blocked && !$0.standing && !report.overridden.contains($0.rule)
      }
      return Obstacle(kind: "blocked", message: refusal.message, by: rules.map(\.rule))
    case .prerequisite:
      let unmet = report.prerequisites.filter { $0.id.isGate && !$0.met }
      return Obstacle(kind: "prerequisite", message: refusal.message, by: unmet.map(\.id.rawValue))
    default:
      return nil
    }
  }

  package func write(to text: inout JSONWriter) {
    text.set("seq", orNull: seq)
    text.set("revision", ifPresent: revision)
    text.set("verdict", verdict.rawValue)
    text.set("summary", summary)
    text.set("findings", SeverityCounts(findings))
    if unknown > 0 { text.set("unknown", unknown) }
    text.set("nodes", ifPresent: nodes)
    text.set("services", ifPresent: services)
    if !overridden.isEmpty { text.set("overridden", overridden) }
    text.set("planDigest", ifPresent: planDigest)
    if let rollback {
      text.beginObject("rollback")
      text.set("clean", rollback.clean)
      text.set("caveats", rollback.caveats)
      text.endObject()
    }
    text.set("refusal", ifPresent: refusal)
  }
}

/// Numbers by severity, worst first, without zeros.
package struct SeverityCounts: JSONEncodable {
  private let numbers: [Severity: Int]

  package init(_ numbers: [Severity: Int]) { self.numbers = numbers }

  package func write(to text: inout JSONWriter) {
    for severity in Severity.worstFirst {
      if let number = numbers[severity], number > 0 { text.set(severity.rawValue, number) }
    }
  }
}
