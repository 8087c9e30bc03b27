// ENB-01: disabling kube-proxy freezes the Service rules of every node.

package import FairleadModel

/// Removing kube-proxy's pods removes none of their rules. Services keep working on the endpoints that were known last,
/// and fail one by one as pods move. A node that boots or joins later has no rules at all.
///
/// - When: a change disables kube-proxy.
/// - Severity: critical.
/// - Remedy: have the CNI that replaces kube-proxy ready, hold Service traffic back until it serves, and reboot each
///   node to be rid of the old rules.
package enum ServiceRulesFreeze: Rule {
  package static let id = "ENB-01"
  package static let kind = RuleKind.transition
  package static let title = "Service rules freeze, and go stale"
  package static let source =
    "Cilium documentation 'Kubernetes Without kube-proxy'; AKS article 'Configure kube-proxy', bring your own CNI"

  package static let leavesBehind = true

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, let mode = before.mode, !change.after.enabled else { return nil }
    let services = change.services.map { "The \($0) keep" } ?? "Services keep"
    return finding(
      .critical,
      detail: "The \(mode.rawValue) rules of \(change.eachNode) stay as they are when kube-proxy goes. \(services) "
        + "working on the endpoints of that moment, and fail as pods move. A node that reboots or joins later has no "
        + "rules.",
      remedy: "Have the CNI that replaces kube-proxy ready, hold Service traffic back until it serves, and reboot each "
        + "node to be rid of the old rules.",
      verify: "kubectl get daemonsets -A")
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before, "Check that what replaces kube-proxy runs on every node, and is ready to serve Services.",
        commands: ["kubectl get daemonsets -A"], rules: [id]),
      Step(
        .after,
        "Drain and reboot each node to be rid of the frozen rules, one node after the other. The second command prints "
          + "the scale set and the instance for the third.",
        commands: NodeCommands.reboot, rules: [id]),
    ]
  }
}
