// VAL-03: an IPVS timeout that the kernel refuses, which nobody is told about.

package import FairleadModel

/// The kernel keeps the IPVS timeouts in clock ticks, so how many seconds fit depends on the ticks per second that it
/// was built with: 2147483 s at 1000 ticks, more at fewer. One timeout that does not fit makes it refuse all three.
/// kube-proxy only logs "Failed to configure IPVS timeouts" and goes on, so that none of the document's timeouts is in
/// force.
///
/// The clock of a node's kernel is no recorded fact. Past what the slowest usual clock holds the refusal is certain;
/// between that and what the fastest one holds it depends on the kernel.
///
/// - When: a timeout is longer than 2147483 s, about 24.8 days.
/// - Severity: high. It is certain past 21474836 s, and something that may be below.
/// - Remedy: keep each timeout at 2147483 s or less.
package enum KernelRefusesTimeouts: Rule {
  package static let id = "VAL-03"
  package static let kind = RuleKind.state
  package static let title = "The kernel may refuse the timeouts without a word"
  package static let source =
    "Linux net/netfilter/ipvs/ip_vs_ctl.c ip_vs_set_timeout(); kubernetes pkg/proxy/ipvs/proxier.go"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    let timeouts = change.after.timeouts
    let answer = IPVSTimeoutLimits.answer(to: timeouts)
    guard answer != .takes else { return nil }
    let limit = answer == .refuses ? IPVSTimeoutLimits.sometimesTaken : IPVSTimeoutLimits.alwaysTaken
    let tooLong = IPVSTimeout.allCases.compactMap { key in
      timeouts[key].flatMap { $0 > limit ? "\(key.rawValue) \($0)" : nil }
    }
    let reason =
      answer == .refuses
      ? "past what any usual kernel takes (\(limit) s at 100 clock ticks a second)"
      : "past what a kernel of 1000 clock ticks a second takes (\(limit) s; one of 250 takes "
        + "\(Int(Int32.max) / 250) s)"
    let outcome = answer == .refuses ? "refuses" : "may refuse"
    return finding(
      .high, answer == .refuses ? .will : .may,
      detail: "\(tooLong.joined(separator: ", ")): \(reason). The kernel of \(change.eachNode) \(outcome) the whole "
        + "set, so that none of the document's timeouts is in force; kube-proxy logs "
        + "\"Failed to configure IPVS timeouts\" and goes on.",
      remedy: "Keep each timeout at \(IPVSTimeoutLimits.alwaysTaken) s or less.",
      hint: "The command shows, on a node, what is in force.",
      verify: "ipvsadm -L --timeout")
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .after, "Look in kube-proxy's log for timeouts that a node's kernel refused.",
        commands: [NodeCommands.search(logs: "Failed to configure IPVS timeouts")], rules: [id])
    ]
  }
}
