// SCH-01: a new IPVS scheduler moves no connection that exists.

package import FairleadModel

/// The kernel exchanges the scheduler of a virtual server in place, and no Service IP goes down. Connections keep the
/// pods they have, so the balance shifts only as fast as connections come and go.
///
/// - When: IPVS stays, and its scheduler becomes another one, by name or by default.
/// - Severity: low.
/// - Remedy: to rebalance at once, restart the clients that hold long-lived connections.
package enum SchedulerChanged: Rule {
  package static let id = "SCH-01"
  package static let kind = RuleKind.transition
  package static let title = "Only new connections follow the new scheduler"
  package static let source =
    "kubernetes pkg/proxy/ipvs/proxier.go syncService(); Linux net/netfilter/ipvs/ip_vs_ctl.c ip_vs_edit_service()"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.staysIPVS, let from = change.before?.scheduler, let to = change.after.scheduler, from != to else {
      return nil
    }
    return finding(
      .low,
      detail: "The scheduler goes from \(from.rawValue) to \(to.rawValue) in place, and no Service IP goes down. "
        + "Connections that exist stay with the pods that \(from.rawValue) gave them; long-lived ones keep the old "
        + "balance.",
      remedy: "To rebalance at once, restart the clients that hold long-lived connections.",
      hint: "The command shows, on a node, each Service's scheduler and connections per pod.",
      verify: "ipvsadm -Ln")
  }
}
