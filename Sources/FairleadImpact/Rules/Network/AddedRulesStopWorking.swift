// NET-05: what others hang on kube-proxy's own rules goes with them.

package import FairleadModel

/// The names of kube-proxy's chains and its mark for masquerading are no interface, but scripts, agents and network
/// plugins have used them: a rule in KUBE-SERVICES, a jump to KUBE-MARK-MASQ. With NFTABLES none of these chains exists;
/// kube-proxy keeps to a table of its own, `kube-proxy`. On the way out of NFTABLES that table is deleted with all that
/// others put into it. Between IPTABLES and IPVS the names stay and their contents change.
///
/// Upstream's migration notes do not tell these moves apart. Nothing that can be recorded says whether a cluster has
/// such rules.
///
/// - When: the nodes' rules go from one mode to another.
/// - Severity: medium into NFTABLES, where the chains disappear; low otherwise.
/// - Remedy: look for rules that name KUBE chains and are not kube-proxy's, and have whoever adds them use chains of
///   their own.
package enum AddedRulesStopWorking: Rule {
  package static let id = "NET-05"
  package static let kind = RuleKind.transition
  package static let title = "Rules that others added to kube-proxy's may stop working"
  package static let source =
    "KEP-3866; kubernetes.io blog 2022-09-07 'Kubernetes's IPTables Chains Are Not API'"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.changesMode, let from = change.modeOnNodes, let to = change.after.mode else { return nil }
    let effect =
      switch (from, to) {
      case (_, .nftables):
        "In NFTABLES mode the chains KUBE-SERVICES, KUBE-MARK-MASQ and the like are gone. Scripts and agents that add "
          + "rules to them, or jump to them, fail or have no effect"
      case (.nftables, _):
        "kube-proxy deletes its nftables tables, with whatever scripts and agents added to them"
      default:
        "kube-proxy fills KUBE-SERVICES and its other chains anew when it goes from \(from.rawValue) to "
          + "\(to.rawValue). Rules that scripts and agents added there can be lost, or stand in the wrong place"
      }
    return finding(
      to == .nftables ? .medium : .low, .may, detail: "\(effect).", more: change.lastRunNote,
      remedy: "Have whoever adds such rules use chains of their own.",
      hint: "Before the change, the command lists, on a node, the rules in question; look for what neither kube-proxy "
        + "nor kubelet wrote.",
      verify: listing(from))
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    guard let from = change.modeOnNodes else { return [] }
    return [
      Step(
        .before,
        "On a node, look for rules among kube-proxy's that neither kube-proxy nor kubelet wrote, and find out who adds "
          + "them.",
        commands: [listing(from)], rules: [id])
    ]
  }

  private static func listing(_ mode: ProxyMode) -> String {
    mode == .nftables
      ? "nft list table ip kube-proxy"
      : "iptables-save | grep -E '^-A ([^K].* -j KUBE-|KUBE-SERVICES .* -j [^KR])'"
  }
}
