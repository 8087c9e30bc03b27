// ENB-02: enabling kube-proxy puts it beside whatever served Services without it.

package import FairleadModel

/// A cluster that ran without kube-proxy most likely had something in its place, which goes on or has left state on the
/// nodes. Two service proxies that translate the same addresses contradict each other.
///
/// The Cilium dataplane certainly is such a proxy. Any other dataplane, and an unknown one, proves nothing about what a
/// cluster with its own CNI has installed, so nothing recorded settles it there.
///
/// - When: a change enables kube-proxy.
/// - Severity: high. It is certain on the Cilium dataplane, and something that may be on any other.
/// - Remedy: turn the other proxy's handling of Services off, and reboot each node, before kube-proxy starts there.
package enum TwoServiceProxies: Rule {
  package static let id = "ENB-02"
  package static let kind = RuleKind.transition
  package static let title = "Two service proxies on the same nodes"
  package static let source =
    "AKS article 'Troubleshoot nftables configuration'; AKS article 'Configure kube-proxy', bring your own CNI"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, !before.enabled, let mode = change.after.mode else { return nil }
    let dataplane = change.facts.word(.networkDataplane)
    let other =
      switch dataplane {
      case "cilium": "The Cilium dataplane serves the same Services, and the two contradict each other."
      case .some(let name):
        "The recorded dataplane is \(name), but whatever the cluster used in kube-proxy's place may still run, or may "
          + "have left state on the nodes."
      case .none:
        "Whatever the cluster used in kube-proxy's place may still run, or may have left state on the nodes; the "
          + "dataplane is not recorded."
      }
    let rules =
      change.modeOnNodes.map {
        $0 == mode
          ? " Rules of the last run, in the same mode, are brought up to date by the first sync."
          : " Rules of the last run, in \($0.rawValue), may be there as well."
      } ?? ""
    return finding(
      .high, dataplane == "cilium" ? .will : .may,
      detail: "kube-proxy starts in \(mode.rawValue) on \(change.eachNode). \(other)\(rules)",
      remedy: "Turn the other proxy's Service handling off, and reboot each node, before kube-proxy starts there.",
      hint: "The command lists what runs on the nodes.",
      verify: "kubectl get daemonsets -A")
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before, "Find what serves Services now, and turn its handling of Services off.",
        commands: ["kubectl get daemonsets -A"], rules: [id]),
      Step(
        .before,
        "Then drain and reboot each node, one after the other, so that nothing of the other proxy is left. The second "
          + "command prints the scale set and the instance for the third.",
        commands: NodeCommands.reboot, rules: [id]),
    ]
  }
}
