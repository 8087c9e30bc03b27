// POL-02: Calico's Felix writes its rules with a backend, which has to be kube-proxy's.

package import FairleadModel

/// Felix, the part of Calico that enforces network policies on a node, writes either iptables or nftables rules. It has
/// to be the kind that kube-proxy writes: Nftables beside NFTABLES, Iptables beside the other modes. Where the two
/// differ, the rules conflict and policies may be enforced inconsistently. The articles speak of IPTABLES and NFTABLES
/// only; IPVS belongs to iptables here, so the moves between IPVS and NFTABLES concern Felix as well.
///
/// Who switches Felix depends on who installed Calico. On a cluster whose Calico came with AKS, AKS sets it to Nftables
/// by itself from Kubernetes 1.33 on; no source says that it sets it back. Where you installed Calico yourself,
/// releases since early 2026 detect the mode, and older ones have to be told. Neither is a recorded fact.
///
/// - When: the nodes move into NFTABLES or out of it, on a Kubernetes version that runs it, and Calico enforces the
///   policies.
/// - Severity: high; medium into NFTABLES where AKS manages Calico (network plugin azure or kubenet) on 1.33 or newer;
///   medium where the policy engine is unknown.
/// - Remedy: set linuxDataplane in Calico's Installation together with the mode, and check that both rollouts ended.
package enum FelixNeedsSameBackend: Rule {
  package static let id = "POL-02"
  package static let kind = RuleKind.transition
  package static let title = "Calico's Felix must use the same backend"
  package static let source =
    "AKS article 'Troubleshoot nftables configuration'; projectcalico/calico#11629; Calico documentation, 'Calico "
    + "nftables data plane'"
  // Folds only where the policy engine is unknown, since one fact settles both.
  package static let folds: [any Rule.Type] = [FelixRestarts.self]

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let to = change.after.mode, concerns(change) else { return nil }
    let backend = backend(of: to)
    guard let policy = change.facts.word(.networkPolicy) else {
      guard change.facts.word(.networkDataplane) != "cilium" else { return nil }
      let restart =
        change.modeOnNodes == .ipvs || to == .ipvs
        ? " It also restarts as the interface kube-ipvs0 comes or goes (POL-03)." : ""
      return unverified(
        .networkPolicy,
        detail: "The network policy engine is not recorded. With Calico, Felix has to write \(backend) rules beside "
          + "\(to.rawValue); where it does not, policies may be enforced inconsistently.\(restart)",
        remedy: "Record the engine with \(FactKey.networkPolicy.flag), and plan again.",
        verify: change.networkProfileQuery("networkPolicy"))
    }
    guard policy == "calico" else { return nil }
    let follows = isSetByAKS(change)
    let who =
      follows
      ? "AKS manages this Calico and sets that by itself from Kubernetes 1.33 on, in a rollout of its own."
      : "Where it does not, the rules conflict and policies may be enforced inconsistently."
    let more =
      follows
      ? " On a node that only one of the two rollouts has reached, policies may be enforced inconsistently."
      : " \(whoElse(change))"
    return finding(
      follows ? .medium : .high, .may,
      detail: "Felix enforces this cluster's policies, and has to write \(backend) rules once kube-proxy runs in "
        + "\(to.rawValue). \(who)",
      more: more,
      remedy: follows
        ? "Wait for both rollouts, and check what the Installation says."
        : "Set linuxDataplane to \(backend) in Calico's Installation together with the mode, unless your Calico "
          + "detects it (releases since early 2026).",
      verify: query)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    guard let to = change.after.mode, change.facts.word(.networkPolicy) == "calico" else { return [] }
    let backend = backend(of: to)
    let check = Step(
      .after, "Check that Calico's linuxDataplane is \(backend), and that Felix runs with it on every node.",
      commands: [query, "kubectl rollout status daemonset/calico-node -n calico-system"], rules: [id])
    guard !isSetByAKS(change) else { return [check] }
    let patch = "{\"spec\":{\"calicoNetwork\":{\"linuxDataplane\":\"\(backend)\"}}}"
    return [
      Step(
        .before,
        "Set Calico's linuxDataplane to \(backend) right before the change, unless your Calico detects kube-proxy's "
          + "mode.",
        commands: ["kubectl patch installation default --type=merge -p \(shellQuoted(patch))"], rules: [id]),
      check,
    ]
  }

  private static let query = "kubectl get installation default -o 'jsonpath={.spec.calicoNetwork.linuxDataplane}'"

  private static func concerns(_ change: ConfigChange) -> Bool {
    guard !change.isCreation, change.mayStartNFTables else { return false }
    return change.introduces(.nftables) || change.moves(from: [.nftables], to: [.iptables, .ipvs])
  }

  private static func backend(of mode: ProxyMode) -> String { mode == .nftables ? "Nftables" : "Iptables" }

  /// Whether AKS sets the backend: known only for Calico that came with AKS, which no cluster with its own CNI has.
  private static func isSetByAKS(_ change: ConfigChange) -> Bool {
    guard change.after.mode == .nftables, let version = change.facts.version(.kubernetesVersion),
      let plugin = change.facts.word(.networkPlugin)
    else { return false }
    return version >= NFTablesSupport.minimumKubernetes && plugin != "none"
  }

  private static func whoElse(_ change: ConfigChange) -> String {
    switch (change.facts.word(.networkPlugin), change.after.mode) {
    case ("none", _): "With a CNI of the cluster's own nobody but you sets it."
    case (_, .nftables): "A Calico that came with AKS is set by AKS, from Kubernetes 1.33 on; one of your own is not."
    case (_, _): "AKS sets a Calico of its own to Nftables; that it sets it back is not documented."
    }
  }
}
