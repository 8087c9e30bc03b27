// RST-03: nodes in different modes get along while a rollout lasts.

package import FairleadModel

/// No node depends on how another one implements Services, so a cluster whose nodes run different modes for a while
/// works, and one node can be tried before the others. AKS has one mode for the whole cluster; the rollout replaces the
/// kube-proxy pods one after the other, so the first node is the one to watch.
///
/// Windows nodes have a proxy of their own kind. No document of AKS says what the mode means to them; the script that
/// starts kube-proxy there sets its mode to kernelspace and reads no other.
///
/// - When: kube-proxy runs, and its mode changes.
/// - Severity: info.
/// - Remedy: nothing to do; use it to try one node first.
package enum MixedModesGetAlong: Rule {
  package static let id = "RST-03"
  package static let kind = RuleKind.transition
  package static let title = "Nodes in different modes get along"
  package static let source = "KEP-3866, KEP-5343; Azure/AgentBaker kubeproxystart.ps1"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.changesMode, change.before?.enabled == true, let from = change.modeOnNodes, let to = change.after.mode
    else { return nil }
    let windows =
      change.facts.bool(.windowsNodes) == true ? " Windows nodes keep their kernelspace proxy throughout." : ""
    return finding(
      .info,
      detail:
        "While the rollout lasts, some nodes run \(from.rawValue) and others \(to.rawValue). That is safe: no node "
        + "depends on how another one serves Services.\(windows)",
      remedy: "Nothing to do.", hint: "The command prints, on a node, the mode that runs there.",
      verify: NodeCommands.proxyMode)
  }
}
