// Gathers what the plan of a registration step reads.

internal import FairleadModel
internal import FairleadStore

extension PlanningService {
  /// The plan for a step that was requested.
  func registrationPlan(
    _ key: ProviderKey, _ options: ChangeOptions, _ stamp: Stamp, on view: ReadView,
    _ body: (RegistrationPlanner) -> Plan
  ) throws -> (plan: Plan, answered: Resource) {
    let context = try context(key, on: view)
    var planner = RegistrationPlanner(context: context, stamp: stamp)
    var plan = body(planner)
    if plan.report.affected.clusters > 0 {
      planner = RegistrationPlanner(context: try named(context, on: view), stamp: stamp)
      plan = body(planner)
    }
    try options.checkSequence(actual: plan.basis.subjectSeq, subject: plan.resource.subject)
    return (plan, planner.settledAtOnce(plan))
  }

  /// The plan for the step that settles `resource`; `nil` where it has none pending.
  func settlePlan(_ resource: Resource, _ stamp: Stamp, on view: ReadView) throws -> Plan? {
    guard let key = resource.providerKey else { return nil }
    let context = try context(key, on: view)
    guard let plan = RegistrationPlanner(context: context, stamp: stamp).settle(resource) else { return nil }
    guard plan.report.affected.clusters > 0 else { return plan }
    return RegistrationPlanner(context: try named(context, on: view), stamp: stamp).settle(resource) ?? plan
  }

  private func context(_ key: ProviderKey, on view: ReadView) throws -> RegistrationContext {
    let corrections = view.state.corrections
    let counts = try view.read { try $0.clusterCounts(in: key.subscription, corrections: corrections) }
    return RegistrationContext(
      provider: key, providerHead: view.state.provider(key), features: view.state.features(of: key),
      clusters: counts.clusters, configured: counts.configured, settleSeconds: settleSeconds)
  }

  /// The same with the names of the subscription's clusters, which only a step that affects clusters needs.
  private func named(_ context: RegistrationContext, on view: ReadView) throws -> RegistrationContext {
    var context = context
    let (subscription, corrections) = (context.provider.subscription, view.state.corrections)
    context.named = try view.read { try $0.clusterNames(in: subscription, corrections: corrections) }
    return context
  }
}

extension Resource {
  /// The provider that a registration belongs to.
  fileprivate var providerKey: ProviderKey? {
    switch self {
    case .feature(let feature): feature.key.provider
    case .provider(let provider): provider.key
    case .cluster, .extension: nil
    }
  }
}
