// MODE-06: leaving NFTABLES leaves no rules behind.

package import FairleadModel

/// Starting in another mode, kube-proxy deletes the one table in each address family that the nftables mode keeps its
/// rules in. Nothing else of it is on the node, so the way back from NFTABLES is clean.
///
/// The move to IPVS makes every Service IP an address of the node, which connections that exist may not live through.
/// That is reasoned from the source; nobody has measured it.
///
/// - When: the nodes go from NFTABLES to IPTABLES or IPVS.
/// - Severity: low.
/// - Remedy: nothing to clean up; a look at the node's tables confirms it.
package enum NFTablesRulesRemoved: Rule {
  package static let id = "MODE-06"
  package static let kind = RuleKind.transition
  package static let title = "The nftables rules are removed at start"
  package static let source = "KEP-3866; kubernetes pkg/proxy/nftables/cleanup.go"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.nftables], to: [.iptables, .ipvs]), let to = change.after.mode else { return nil }
    let flows =
      to == .ipvs
      ? " Established connections may break nevertheless, since every Service IP becomes an address of the node "
        + "itself." : ""
    return finding(
      .low, change.certaintyOfRules,
      detail: "When kube-proxy starts in \(to.rawValue) on \(change.eachNode), it deletes the tables 'ip kube-proxy' "
        + "and 'ip6 kube-proxy'; nothing of NFTABLES stays behind.\(flows)\(change.lastRunNote)",
      remedy: "Nothing to clean up.",
      hint: "The command, on a node, should list no table of the name kube-proxy.",
      verify: "nft list tables")
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .after, "Check a node: no table of the name kube-proxy should be left.",
        commands: [NodeCommands.command("nft list tables")], rules: [id])
    ]
  }
}
