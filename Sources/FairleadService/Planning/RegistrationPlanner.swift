// Plans the steps of a registration: those that are requested, and those that the daemon settles when they are due.

internal import FairleadImpact
internal import ExactJSON
internal import FairleadModel

/// What a registration plan reads. Values, gathered in one transaction.
struct RegistrationContext {
  let provider: ProviderKey
  /// The provider and its features as they are now.
  let providerHead: Provider?
  let features: [Feature]
  /// The subscription's clusters by name, and which of them differ from AKS's defaults. Empty until it is known that the step moves
  /// the gate: no other step has anything to do with clusters, of which there may be 100,000.
  var named: [(subject: String, isConfigured: Bool)] = []
  let settleSeconds: Int

  var clusters: Int { named.count }

  func feature(_ key: FeatureKey) -> Feature? { features.first { $0.key.folded == key.folded } }

  /// The feature that gates kube-proxy configurations, if it belongs to this provider.
  var gate: Feature? { feature(.kubeProxyPreview(in: provider.subscription)) }
}

struct RegistrationPlanner {
  let context: RegistrationContext
  let stamp: Stamp

  // MARK: Requested steps

  func register(_ key: FeatureKey) -> Plan {
    let before = context.feature(key) ?? unregistered(key)
    var after = before
    var notes: [String] = []
    if before.state == .registered || before.state == .registering {
      notes.append("The feature is \(before.state.rawValue) already.")
    } else {
      move(&after, to: .registering)
      after.pending = pending
    }
    if !after.propagated {
      notes.append(
        "Once it is Registered, 'fairlead provider register \(key.provider.flags)' carries it to the provider.")
    }
    return plan("register", before: .feature(before), after: .feature(after), features: [after], notes: notes)
  }

  func unregister(_ key: FeatureKey) -> Plan {
    let before = context.feature(key) ?? unregistered(key)
    var after = before
    var notes: [String] = []
    if before.state == .registered || before.state == .registering {
      move(&after, to: .unregistering)
      after.propagated = false
      after.registeredSeq = nil
      after.pending = pending
    } else {
      notes.append("The feature is \(before.state.rawValue) already.")
    }
    return plan("unregister", before: .feature(before), after: .feature(after), features: [after], notes: notes)
  }

  /// Registering a registered provider again leaves it Registered, and propagates the features that became Registered since.
  func register(_ key: ProviderKey) -> Plan {
    let before = context.providerHead ?? unregistered(key)
    var after = before
    var notes: [String] = []
    let waiting = context.features.filter { $0.state == .registered && !$0.propagated }
    switch before.state {
    case .notRegistered, .unregistering, .unregistered:
      move(&after, to: .registering)
      after.pending = pending
    case .registering, .registered:
      let asked = before.pending?.requestedSeq ?? 0
      if waiting.contains(where: { $0.registeredSeq ?? 0 > asked }) {
        after.pending = pending
        after.updatedSeq = stamp.seq
      } else {
        notes.append("The provider is \(before.state.rawValue) already, and no feature waits for it.")
      }
    }
    for feature in context.features where feature.state == .registering {
      notes.append(
        "The feature \(feature.key.name) is still Registering; register the provider again once it is Registered.")
    }
    return plan("register", before: .provider(before), after: .provider(after), features: [], notes: notes)
  }

  func unregister(_ key: ProviderKey) -> Plan {
    let before = context.providerHead ?? unregistered(key)
    var after = before
    var features: [Feature] = []
    var notes: [String] = []
    if before.state == .registered || before.state == .registering {
      move(&after, to: .unregistering)
      after.pending = pending
      features = marked(context.features.filter(\.propagated), propagated: false)
    } else {
      notes.append("The provider is \(before.state.rawValue) already.")
    }
    return plan("unregister", before: .provider(before), after: .provider(after), features: features, notes: notes)
  }

  // MARK: Settling

  /// The step that settles a resource; `nil` where it has none pending.
  func settle(_ resource: Resource) -> Plan? {
    switch resource {
    case .feature(let before):
      guard before.pending != nil else { return nil }
      var after = before
      after.pending = nil
      if before.state == .registering {
        move(&after, to: .registered)
        after.registeredSeq = stamp.seq
      } else {
        move(&after, to: .unregistered)
      }
      return plan("settle", before: resource, after: .feature(after), features: [after], notes: [])
    case .provider(let before):
      guard let pending = before.pending else { return nil }
      var after = before
      after.pending = nil
      var features: [Feature] = []
      switch before.state {
      case .registering, .registered:
        if before.state == .registering { move(&after, to: .registered) }
        let waiting = context.features.filter {
          $0.state == .registered && !$0.propagated && $0.registeredSeq ?? Int.max < pending.requestedSeq
        }
        features = marked(waiting, propagated: true)
      case .unregistering, .notRegistered, .unregistered: move(&after, to: .notRegistered)
      }
      after.updatedSeq = stamp.seq
      return plan("settle", before: resource, after: .provider(after), features: features, notes: [])
    case .cluster, .extension: return nil
    }
  }

  /// The resource for the reply: with `--settle-seconds 0`, as it is after the step that settles at once.
  func settledAtOnce(_ plan: Plan) -> Resource {
    guard plan.isRecorded, context.settleSeconds == 0 else { return plan.resource }
    let next = Stamp(seq: stamp.seq + 1, at: stamp.at, clocks: stamp.clocks, actor: stamp.actor, message: nil)
    return RegistrationPlanner(context: context, stamp: next).settle(plan.resource)?.resource ?? plan.resource
  }

  // MARK: Parts

  private var pending: PendingSettle {
    PendingSettle(requestedSeq: stamp.seq, dueAt: stamp.deadline(seconds: context.settleSeconds))
  }

  private func unregistered(_ key: FeatureKey) -> Feature {
    Feature(key: key, state: .notRegistered, propagated: false, since: stamp.at, updatedSeq: 0)
  }

  private func unregistered(_ key: ProviderKey) -> Provider {
    Provider(key: key, state: .notRegistered, since: stamp.at, updatedSeq: 0)
  }

  /// The features with their new propagation.
  private func marked(_ features: [Feature], propagated: Bool) -> [Feature] {
    features.map {
      var feature = $0
      feature.propagated = propagated
      feature.updatedSeq = stamp.seq
      return feature
    }
  }

  private func move(_ feature: inout Feature, to state: RegistrationState) {
    feature.state = state
    feature.since = stamp.at
    feature.updatedSeq = stamp.seq
  }

  private func move(_ provider: inout Provider, to state: RegistrationState) {
    provider.state = state
    provider.since = stamp.at
    provider.updatedSeq = stamp.seq
  }
}
