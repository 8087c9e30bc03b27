// Gathers what a plan reads, and passes it to the planner of its resource.

internal import FairleadImpact
internal import FairleadModel
internal import FairleadStore

/// A dry run met a cluster whose confirm deadline has passed: its change has to be reverted first.
struct DeadlinePassed: Error {
  let key: ClusterKey
}

struct PlanningService: Sendable {
  /// Judges each change.
  let engine: Engine
  /// Seconds between the request for a registration and its settling.
  let settleSeconds: Int
  let clocks: ClockSource
  /// Whether a cluster that does not exist is refused with a guess. An apply of thousands must not look for as many.
  var guesses = true

  /// The plan for a request, and the resource that its caller gets.
  func plan(
    _ request: ChangeRequest, _ options: ChangeOptions, _ stamp: Stamp, on view: ReadView
  ) throws -> (plan: Plan, answered: Resource) {
    try MisspeltNames.check(request, options, on: view.state)
    switch request {
    case .createCluster(let key, let patch):
      return try clusterPlan(key, isCreate: true, options, stamp, on: view) { try $0.create(patch) }
    case .updateCluster(let key, let patch):
      let mode = patch.document?.config.mode
      return try clusterPlan(key, leadsTo: mode, options, stamp, on: view) { try $0.update(patch) }
    case .rollbackCluster(let key, let number, let apiVersion):
      let target = try rollbackTarget(of: key, number: number, on: view)
      let mode = target.config?.mode
      return try clusterPlan(key, leadsTo: mode, options, stamp, on: view) {
        try $0.rollback(to: target, apiVersion: apiVersion)
      }
    case .deleteCluster(let key):
      return try clusterPlan(key, options, stamp, on: view) { try $0.delete() }
    case .confirmCluster(let key, let seq):
      let isPending = try view.cluster(key)?.pendingConfirm != nil
      let ended = isPending ? nil : try view.read { try $0.endedConfirm(of: key, seq: seq) }
      return try clusterPlan(key, options, stamp, on: view) { try $0.confirm(seq: seq, ended: ended) }
    case .registerFeature(let key):
      return try registrationPlan(key.provider, options, stamp, on: view) { $0.register(key) }
    case .unregisterFeature(let key):
      return try registrationPlan(key.provider, options, stamp, on: view) { $0.unregister(key) }
    case .registerProvider(let key):
      return try registrationPlan(key, options, stamp, on: view) { $0.register(key) }
    case .unregisterProvider(let key):
      return try registrationPlan(key, options, stamp, on: view) { $0.unregister(key) }
    case .setExtension(let name, let version):
      let current = view.state.clientExtension(name)
      let plan = ExtensionPlanner.set(name: name, version: version, current: current, stamp: stamp)
      try options.checkSequence(actual: plan.basis.subjectSeq, subject: name)
      return (plan, plan.resource)
    }
  }

  /// The number, time and author of the change that would be recorded next.
  /// - Parameter deadline: where the change is recorded because a deadline has passed: it is not stamped before that. The two
  ///   clocks are cut to milliseconds at different moments, and the one that decides may be a millisecond ahead.
  func stamp(
    _ options: ChangeOptions, by actor: Actor, on view: ReadView, notBefore deadline: Timestamp = .earliest
  ) -> Stamp {
    let (at, clocks) = clocks.read(after: view.state.at)
    return Stamp(
      seq: view.state.seq + 1, at: max(at, deadline), clocks: clocks, actor: actor, message: options.message)
  }

  // MARK: Clusters

  /// `mode` is the mode that the new document sets, if it sets one.
  func clusterPlan(
    _ key: ClusterKey, isCreate: Bool = false, leadsTo mode: ProxyMode? = nil, _ options: ChangeOptions,
    _ stamp: Stamp, on view: ReadView, _ body: (ClusterPlanner) throws -> Plan
  ) throws -> (plan: Plan, answered: Resource) {
    let current = try view.cluster(key)
    if case .isReported = view.overdue, let pending = current?.pendingConfirm, pending.remaining(stamp.clocks) <= 0 {
      throw DeadlinePassed(key: key)
    }
    let context = ClusterContext(
      engine: engine,
      // A cluster keeps the spelling with which it was created. A new create after its delete may spell it otherwise.
      key: current.map { $0.deleted && isCreate ? key : $0.key } ?? key, current: current,
      confirmed: try current?.pendingConfirm.flatMap { pending in
        try view.read { try $0.revision(pending.restores, of: key)?.config }
      },
      lastMode: try current.flatMap { current in
        current.config.effective.enabled ? nil : try view.read { try $0.lastMode(of: key, upTo: current.revision) }
      },
      kernelTimeouts: try kernelTimeouts(current, leadsTo: mode, on: view),
      feature: view.state.feature(.kubeProxyPreview(in: key.subscription)),
      provider: view.state.provider(.containerService(in: key.subscription)),
      clientExtension: view.state.clientExtension(ClientExtension.aksPreview),
      nearest: current == nil && !isCreate ? guess(key, on: view) : nil)
    let plan = try body(ClusterPlanner(context: context, options: options, stamp: stamp))
    return (plan, plan.resource)
  }

  private func guess(_ key: ClusterKey, on view: ReadView) -> String? {
    guesses ? view.state.nearest(to: key) : nil
  }

  /// What earlier revisions left in the kernels. Only a change to IPVS needs it.
  private func kernelTimeouts(
    _ current: Cluster?, leadsTo mode: ProxyMode?, on view: ReadView
  ) throws -> [IPVSTimeout: Int] {
    guard mode == .ipvs, let current, !current.deleted else { return [:] }
    return try view.kernelTimeouts(of: current)
  }

  /// The revision that a rollback restores.
  private func rollbackTarget(of key: ClusterKey, number: Int?, on view: ReadView) throws -> Revision {
    guard let current = try view.cluster(key) else {
      throw Refusal.missing(key, current: nil, to: "roll back", nearest: guess(key, on: view))
    }
    if number == nil, let last = try view.read({ try $0.revision(current.revision, of: key) }),
      last.origin == .revert
    {
      // A rollback without a number right after a revert means to go back, not to restore what nobody confirmed.
      throw Refusal(
        .conflict(path: "toRevision", expected: current.revision - 1, actual: current.revision),
        "cannot roll back \(current.key.display): its revision \(current.revision) took an unconfirmed one back already, at "
          + "\(last.at.text); to go on to another revision, name it in toRevision")
    }
    let wanted = number ?? current.revision - 1
    guard wanted >= 1 else {
      throw Refusal(.notFound, "cannot roll back \(current.key.display): it has only revision 1")
    }
    guard let revision = try view.read({ try $0.revision(wanted, of: key) }) else {
      throw Refusal(
        .notFound,
        "cannot roll back \(current.key.display) to revision \(wanted): it has revisions 1 to \(current.revision)")
    }
    return revision
  }
}
