// Gathers what the plan of a registration step reads.

internal import FairleadModel
internal import FairleadStore

extension PlanningService {
  /// The plan for a step that was requested.
  func registrationPlan(
    _ key: ProviderKey, _ options: ChangeOptions, _ stamp: Stamp, on view: ReadView,
    _ body: (RegistrationPlanner) -> Plan
  ) throws -> (plan: Plan, answered: Resource) {
    let context = context(key, on: view)
    var planner = RegistrationPlanner(context: context, stamp: stamp)
    var plan = body(planner)
    if planner.movesGate(plan) {
      planner = RegistrationPlanner(context: try named(context, on: view), stamp: stamp)
      plan = body(planner)
    }
    try options.checkSequence(actual: plan.basis.subjectSeq, subject: plan.resource.subject)
    return (plan, planner.settledAtOnce(plan))
  }

  /// The plan for the step that settles `resource`; `nil` where it has none pending.
  func settlePlan(_ resource: Resource, _ stamp: Stamp, on view: ReadView) throws -> Plan? {
    guard let key = resource.providerKey else { return nil }
    let context = context(key, on: view)
    let planner = RegistrationPlanner(context: context, stamp: stamp)
    guard let plan = planner.settle(resource) else { return nil }
    guard planner.movesGate(plan) else { return plan }
    return RegistrationPlanner(context: try named(context, on: view), stamp: stamp).settle(resource) ?? plan
  }

  /// From memory alone: most steps affect no cluster.
  private func context(_ key: ProviderKey, on view: ReadView) -> RegistrationContext {
    RegistrationContext(
      provider: key, providerHead: view.state.provider(key), features: view.state.features(of: key),
      settleSeconds: settleSeconds)
  }

  /// The same with the subscription's clusters, which only a step that moves their gate needs.
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
