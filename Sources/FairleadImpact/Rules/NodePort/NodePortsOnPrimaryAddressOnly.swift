// NP-01: NFTABLES serves NodePorts on a node's primary addresses only.

package import FairleadModel

/// In IPTABLES and IPVS mode a NodePort answers on every address of a node, 127.0.0.1 in IPTABLES mode only. NFTABLES
/// has another default: it answers on the primary address of each family alone, and AKS has no setting that widens it.
/// Whoever reaches a NodePort through a second network interface, a virtual address or 127.0.0.1 gets no answer any
/// more. The way back from NFTABLES opens all addresses again, which is worth a look where they were meant to stay
/// closed.
///
/// From IPTABLES that covers 127.0.0.1 (NP-02), so the two are told as one.
///
/// - When: the nodes' rules go from IPTABLES or IPVS to NFTABLES, and something depends on NodePorts.
/// - Severity: high; medium where it is not recorded whether anything depends on NodePorts (`--uses-node-ports`).
/// - Remedy: have clients use the nodes' primary addresses, which `kubectl get nodes -o wide` lists as INTERNAL-IP,
///   before the mode changes.
package enum NodePortsOnPrimaryAddressOnly: Rule {
  package static let id = "NP-01"
  package static let kind = RuleKind.transition
  package static let title = "NodePorts answer on the primary address of a node only"
  package static let source =
    "kubernetes.io, 'Virtual IPs and Service Proxies', migrating from iptables to nftables; kubernetes "
    + "cmd/kube-proxy/app/server_linux.go platformApplyDefaults()"
  package static let folds: [any Rule.Type] = [LocalhostNodePortsStop.self]

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.moves(from: [.iptables, .ipvs], to: [.nftables]), let from = change.modeOnNodes else { return nil }
    let narrowing =
      "In \(from.rawValue) mode a NodePort answers on every address of a node, in NFTABLES mode on the primary one of "
      + "each address family alone: not on other interfaces"
      + (from == .iptables ? ", and not on 127.0.0.1." : ".")
    let hint = "The command lists, on a node in NFTABLES mode, the addresses that answer."
    let verify = "nft list set ip kube-proxy nodeport-ips"
    guard let isUsed = change.usesNodePorts else {
      return unverified(
        .usesNodePorts,
        detail: "Whether anything depends on NodePorts is not recorded. \(narrowing)\(change.lastRunNote)",
        remedy: "Look for clients that reach NodePorts on other addresses, and record the answer with "
          + "\(FactKey.usesNodePorts.flag).",
        hint: hint, verify: verify)
    }
    guard isUsed else { return nil }
    let localhost =
      switch (from, change.facts.bool(.usesLocalhostNodePorts)) {
      case (.iptables, .some(true)): " 127.0.0.1 is recorded as used."
      case (.iptables, .none):
        " Whether 127.0.0.1 is used is not recorded (\(FactKey.usesLocalhostNodePorts.flag))."
      default: ""
      }
    return finding(
      .high, change.certaintyOfRules,
      detail: "\(narrowing)\(localhost) AKS has no setting that brings the others back.\(change.lastRunNote)",
      remedy: "Have clients use the nodes' primary addresses before the mode changes.", hint: hint,
      verify: verify)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before,
        "Look for clients of NodePorts on any other address than a node's INTERNAL-IP, and move them there. The "
          + "commands list the NodePorts and the addresses.",
        commands: [NodeCommands.nodePorts, "kubectl get nodes -o wide"], rules: [id])
    ]
  }
}
