// The totals of an apply: how many changes were recorded, and what they reach together.

package import ExactJSON

/// The totals over the changes of an `ApplyRequest`.
package struct ApplyTotals: JSONEncodable, Sendable, Hashable {
  private var changes = 0
  private var recorded = 0
  private var unchanged = 0
  private var refused = 0
  private var verdicts: [Severity: Int] = [:]
  private var nodes: Int?
  private var services: Int?

  package init() {}

  /// Counts a change that was refused without a plan to show for it.
  package mutating func addRefusal() {
    changes += 1
    refused += 1
  }

  /// Counts a change that was planned or recorded. Nodes and Services are summed over the changes with an effect, as far as they
  /// are known; a sum that overflows stays at the largest integer.
  package mutating func add(_ outcome: ChangeOutcome, isUnchanged: Bool, isRefused: Bool) {
    changes += 1
    guard !isUnchanged else {
      unchanged += 1
      return
    }
    if isRefused { refused += 1 }
    if outcome.seq != nil { recorded += 1 }
    verdicts[outcome.report.verdict, default: 0] += 1
    nodes = Self.sum(nodes, outcome.report.affected.nodes)
    services = Self.sum(services, outcome.report.affected.services)
  }

  private static func sum(_ total: Int?, _ more: Int?) -> Int? {
    guard let total, let more else { return total ?? more }
    let (sum, overflow) = total.addingReportingOverflow(more)
    return overflow ? Int.max : sum
  }

  package func write(to text: inout JSONWriter) {
    text.set("changes", changes)
    text.set("recorded", recorded)
    text.set("unchanged", unchanged)
    text.set("refused", refused)
    text.set("verdicts", SeverityCounts(verdicts))
    text.set("nodes", ifPresent: nodes)
    text.set("services", ifPresent: services)
  }
}
