// RST-01: a change of configuration reaches a node with its kube-proxy pod, not before.

package import FairleadModel

/// kube-proxy reads its options when it starts. A change is in force on a node when the pod there has been replaced,
/// started or removed, and until the last one has, nodes differ. A node that reboots takes the new options up by itself,
/// so a rollout that was forgotten ends as a cluster of two minds. Every effective change says so by itself, whatever
/// else it brings.
///
/// - When: a change has any effect on a cluster that exists.
/// - Severity: medium.
/// - Remedy: wait for the rollout; where pods stay as they are, restart the DaemonSet.
package enum NodeByNodeRestart: Rule {
  package static let id = "RST-01"
  package static let kind = RuleKind.transition
  package static let title = "Takes effect node by node, not at once"
  package static let source = "kubernetes/kubernetes#132877"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, before != change.after else { return nil }
    if !change.after.enabled {
      return finding(
        .medium,
        detail: "The kube-proxy pod is removed from \(change.eachNode), one after the other. A node follows Service "
          + "changes until its pod is gone, and not after that; the rules that it has stay.",
        remedy: "Wait until no kube-proxy pod is left before the replacement is relied on everywhere.",
        verify: NodeCommands.daemonSet)
    }
    let rollout = NodeCommands.rollout
    guard before.enabled else {
      return finding(
        .medium,
        detail: "A kube-proxy pod starts on \(change.eachNode). A node follows Service changes again only once its pod "
          + "has ended its first sync.",
        remedy: "Wait until the DaemonSet is rolled out, and look at the nodes whose pod does not become ready.",
        verify: rollout)
    }
    let ipvs =
      change.staysIPVS
      ? " The IPVS table stays in the kernel meanwhile, so that connections keep flowing." : ""
    return finding(
      .medium,
      detail: "kube-proxy reads its options at start: \(change.eachNode) goes on as before until its kube-proxy pod is "
        + "replaced, and the nodes differ until the last one is.\(ipvs)",
      remedy: "Wait for the rollout. If pods stay as they are, replace them with: "
        + "kubectl rollout restart daemonset/kube-proxy -n kube-system",
      verify: rollout)
  }
}
