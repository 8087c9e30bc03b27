// The steps around a cluster's change, in the order in which an operator takes them: before, during, after, and back.

internal import FairleadImpact
internal import FairleadModel

/// Assembles the steps of one cluster's change: those that every change has, and those that its findings require.
///
/// AKS sets the mode for the cluster and not for a node pool, so the operator cannot choose a canary node: the first
/// node that the DaemonSet updates is the canary, and the steps say what to check while it is the only one.
struct Steps {
  let engine: Engine
  let change: ConfigChange
  let findings: [Finding]
  let prerequisites: [Prerequisite]
  let after: Cluster
  let rollback: RollbackAdvice?

  var inOrder: [Step] {
    let own = engine.steps(for: change, findings: findings)
    return gates + own.filter { $0.phase == .before } + carrying + own.filter { $0.phase == .during }
      + own.filter { $0.phase == .after } + verification(beside: own) + goingBack
  }

  // MARK: Before

  /// How to meet each gate that is not met: Azure's command first, then the one that records it here.
  private var gates: [Step] {
    prerequisites.filter { !$0.met }.map { item in
      Step(.before, "Meet the prerequisite \(item.id.rawValue): \(item.detail)", commands: azure(item) + here(item))
    }
  }

  private func azure(_ item: Prerequisite) -> [String] {
    let subscription = change.cluster.subscription
    switch item.id {
    case .apiVersion: return []
    case .feature: return ["az feature register \(FeatureKey.kubeProxyPreview(in: subscription).flags)"]
    case .provider: return ["az provider register \(ProviderKey.containerService(in: subscription).flags)"]
    case .extension: return ["az extension add --name \(ClientExtension.aksPreview) --upgrade"]
    }
  }

  private func here(_ item: Prerequisite) -> [String] {
    // The API version is a parameter of the change; no command sets it.
    item.id == .apiVersion ? [] : [item.command]
  }

  // MARK: During

  private var carrying: [Step] {
    let needed: APIVersion = after.config.effective.mode == .nftables ? .firstWithNFTables : .first
    let carry = Step(
      .during,
      after.config.isEmpty && change.isCreation
        ? "Create the cluster."
        : "Carry it to the cluster. az needs its extension \(ClientExtension.aksPreview), with API version "
          + "\(needed.text) or newer.",
      commands: Commands.apply(after, creates: change.isCreation))
    guard !change.isCreation else { return [carry] }
    guard change.after.enabled else {
      return [carry, Step(.during, "See that kube-proxy's pods are gone.", commands: [NodeCommands.daemonSet])]
    }
    return [
      carry,
      Step(
        .during,
        "Take the first node that restarts kube-proxy for the canary: check it, with the steps that follow, before the "
          + "others are replaced, and go back if it fails. AKS has no setting for a single node.",
        commands: [Commands.watchProxyPods]),
      Step(.during, "Wait until every node runs it.", commands: [NodeCommands.rollout]),
    ]
  }

  // MARK: After

  /// Checks the mode that actually runs, and whatever the findings warn of that no step of their rules checks.
  private func verification(beside own: [Step]) -> [Step] {
    guard !change.isCreation else { return [] }
    var steps: [Step] = []
    if change.changesMode, let mode = change.after.mode {
      steps.append(
        Step(.after, "On a node, see that it runs \(mode.upstreamName).", commands: [NodeCommands.proxyMode]))
    }
    var listed = [NodeCommands.rollout, NodeCommands.daemonSet, NodeCommands.proxyMode]
    var checks: [Finding] = []
    for finding in findings
    where finding.severity >= .medium && finding.certainty != .unknown && !finding.standing && !finding.verify.isEmpty {
      guard !own.contains(where: { $0.rules.contains(finding.rule) || $0.commands.contains(finding.verify) }),
        !listed.contains(finding.verify)
      else { continue }
      listed.append(finding.verify)
      checks.append(finding)
    }
    guard !checks.isEmpty else { return steps }
    let rules = checks.map(\.rule)
    steps.append(
      Step(
        .after,
        "Look for what the findings warn of: \(rules.joined(separator: ", "))\(checks.count > 1 ? ", in this order" : "").",
        commands: checks.map(\.verify), rules: rules))
    return steps
  }

  // MARK: Back

  private var goingBack: [Step] {
    guard let rollback else { return [] }
    if change.isCreation {
      return [
        Step(
          .back, "To take it back, end its record, and delete the cluster.",
          commands: [rollback.command] + Commands.delete(change.cluster))
      ]
    }
    let how =
      rollback.clean
      ? "Nothing of this change stays behind."
      : "That is not clean: \(rollback.caveats.joined(separator: ", ")) says what stays on the nodes."
    return [
      Step(
        .back, "If it has to be taken back, record that; its report has the commands for the cluster. \(how)",
        commands: [rollback.command], rules: rollback.caveats)
    ]
  }
}

extension ProxyMode {
  /// The mode as kube-proxy spells it.
  fileprivate var upstreamName: String { rawValue.lowercased() }
}
