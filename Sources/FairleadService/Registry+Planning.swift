// Gathers what a plan reads, and hands it to the planner of its resource.

internal import FairleadImpact
internal import FairleadModel
internal import FairleadStore

extension Registry {
  /// The plan for a request, and the resource as its caller is answered.
  func plan(
    _ request: ChangeRequest, _ options: ChangeOptions, _ stamp: Stamp, on ground: Ground
  ) throws -> (plan: Plan, answered: Resource) {
    switch request {
    case .createCluster(let key, let patch):
      return try clusterPlan(key, startsAnew: true, options, stamp, on: ground) {
        planner in
        try planner.create(patch)
      }
    case .updateCluster(let key, let patch):
      let mode = patch.document?.config.mode
      return try clusterPlan(key, leadsTo: mode, options, stamp, on: ground) { planner in
        try planner.update(patch)
      }
    case .rollbackCluster(let key, let number, let apiVersion):
      let target = try target(of: key, number: number, on: ground)
      let mode = target.config?.mode
      return try clusterPlan(key, leadsTo: mode, options, stamp, on: ground) { planner in
        try planner.rollback(to: target, apiVersion: apiVersion)
      }
    case .deleteCluster(let key):
      return try clusterPlan(key, options, stamp, on: ground) { planner in
        try planner.delete()
      }
    case .confirmCluster(let key, let seq):
      let waits = try ground.cluster(key)?.pendingConfirm != nil
      let ended = waits ? nil : try ground.read { try $0.endedConfirm(of: key, seq: seq) }
      return try clusterPlan(key, options, stamp, on: ground) { planner in
        try planner.confirm(seq: seq, ended: ended)
      }
    case .registerFeature(let key):
      return try registrationPlan(key.provider, options, stamp, on: ground) { $0.register(key) }
    case .unregisterFeature(let key):
      return try registrationPlan(key.provider, options, stamp, on: ground) { $0.unregister(key) }
    case .registerProvider(let key):
      return try registrationPlan(key, options, stamp, on: ground) { $0.register(key) }
    case .unregisterProvider(let key):
      return try registrationPlan(key, options, stamp, on: ground) { $0.unregister(key) }
    case .setExtension(let name, let version):
      let head = ground.heads.clientExtension(name)
      let plan = ExtensionPlanner.set(name: name, version: version, head: head, stamp: stamp)
      try options.checkSequence(actual: plan.basis.subjectSeq, subject: name)
      return (plan, plan.resource)
    }
  }

  /// `leadsTo` is the mode of the new document, where there is one.
  func clusterPlan(
    _ key: ClusterKey, startsAnew: Bool = false, leadsTo mode: ProxyMode? = nil, _ options: ChangeOptions,
    _ stamp: Stamp,
    on ground: Ground, _ body: (ClusterPlanner) throws -> Plan
  ) throws -> (plan: Plan, answered: Resource) {
    let head = try ground.cluster(key)
    if ground.awaitsReverts, let pending = head?.pendingConfirm, pending.remaining(stamp.clocks) <= 0 {
      throw Overdue(key: key)
    }
    let context = ClusterContext(
      engine: engine,
      // A cluster keeps the spelling that it was created in, also when it comes back.
      key: head.map { $0.deleted && startsAnew ? key : $0.key } ?? key, head: head,
      confirmed: try head?.pendingConfirm.flatMap { pending in
        try ground.read { try $0.revision(pending.restores, of: key)?.config }
      },
      lastMode: head?.config.effective.enabled == false ? try ground.read { try $0.lastMode(of: key) } : nil,
      kernelTimeouts: try kernelTimeouts(head, leadsTo: mode, on: ground),
      feature: ground.heads.feature(.kubeProxyPreview(in: key.subscription)),
      provider: ground.heads.provider(.containerService(in: key.subscription)),
      clientExtension: ground.heads.clientExtension(ClientExtension.aksPreview))
    let plan = try body(ClusterPlanner(context: context, options: options, stamp: stamp))
    return (plan, plan.resource)
  }

  /// What earlier revisions left in the kernels, where that matters: on the way to IPVS.
  private func kernelTimeouts(
    _ head: Cluster?, leadsTo mode: ProxyMode?, on ground: Ground
  ) throws -> [IPVSTimeout: Int] {
    guard mode == .ipvs, let head, !head.deleted else { return [:] }
    return try ground.kernelTimeouts(of: head)
  }

  private func registrationPlan(
    _ key: ProviderKey, _ options: ChangeOptions, _ stamp: Stamp, on ground: Ground,
    _ body: (RegistrationPlanner) -> Plan
  ) throws -> (plan: Plan, answered: Resource) {
    let context = try context(key, on: ground)
    var planner = RegistrationPlanner(context: context, stamp: stamp)
    var plan = body(planner)
    if plan.report.affected.clusters > 0 {
      planner = RegistrationPlanner(context: try named(context, on: ground), stamp: stamp)
      plan = body(planner)
    }
    try options.checkSequence(actual: plan.basis.subjectSeq, subject: plan.resource.subject)
    return (plan, planner.settledAtOnce(plan))
  }

  func context(_ key: ProviderKey, on ground: Ground) throws -> RegistrationContext {
    let clusterCounts = try ground.read { try $0.clusterCounts(in: key.subscription) }
    return RegistrationContext(
      provider: key, providerHead: ground.heads.provider(key),
      features: ground.heads.features(of: key),
      clusters: clusterCounts.clusters, configured: clusterCounts.configured, settleSeconds: settleSeconds)
  }

  /// The context of a step that reaches clusters, with their names, which most steps need not read.
  func named(_ context: RegistrationContext, on ground: Ground) throws -> RegistrationContext {
    var context = context
    context.named = try ground.read { try $0.clusterNames(in: context.provider.subscription) }
    return context
  }

  /// The revision that a rollback brings back.
  private func target(of key: ClusterKey, number: Int?, on ground: Ground) throws -> Revision {
    guard let head = try ground.cluster(key) else { throw Refusal.missing(key, head: nil, to: "roll back") }
    if number == nil, let current = try ground.read({ try $0.revision(head.revision, of: key) }),
      current.origin == .revert
    {
      // Whoever comes a moment after the revert means to go back, not to bring back what nobody confirmed.
      throw Refusal(
        .conflict(path: "toRevision", expected: head.revision - 1, actual: head.revision),
        "cannot roll back \(head.key.display): its revision \(head.revision) took an unconfirmed one back already, at "
          + "\(current.at.text); to go on to another revision, name it with --to-revision")
    }
    let wanted = number ?? head.revision - 1
    guard wanted >= 1 else {
      throw Refusal(.notFound, "cannot roll back \(head.key.display): it has only revision 1")
    }
    guard let revision = try ground.read({ try $0.revision(wanted, of: key) }) else {
      throw Refusal(
        .notFound,
        "cannot roll back \(head.key.display) to revision \(wanted): it has revisions 1 to \(head.revision)")
    }
    return revision
  }

  func stamp(_ options: ChangeOptions, by actor: Actor, on ground: Ground) -> Stamp {
    let heads = ground.heads
    // A clock that was set back does not reorder the log.
    let at = max(now(), heads.at ?? Timestamp(milliseconds: Int.min))
    return Stamp(seq: heads.seq + 1, at: at, clocks: clocks, actor: actor, message: options.message)
  }
}

extension Resource {
  /// The provider to which a registration belongs.
  var providerKey: ProviderKey? {
    switch self {
    case .feature(let feature): feature.key.provider
    case .provider(let provider): provider.key
    case .cluster, .extension: nil
    }
  }
}
