// Settles registrations whose time has come, each step as a change by the daemon.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore

struct RegistrationDeadlines: Sendable {
  let planning: PlanningService
  /// The daemon itself.
  let system: Actor

  /// Steps of one batch. The commit stage is free after that, so that other writes get their turn: after an hour without the daemon
  /// any number of them may be due at once.
  static let stepsPerBatch = 100

  /// Records what is due at `time`, the earliest steps first, as much as one batch may.
  func settle(dueAt time: Timestamp, in batch: WriteBatch) throws -> PendingWrite.SettleResult {
    while let next = batch.state.nextSettle, next.pending.dueAt <= time {
      guard batch.contents.settledSteps < Self.stepsPerBatch else { return .moreAreDue }
      guard try record(next.resource, next.pending, in: batch) else { return .allSettled }
      batch.countSettledStep()
    }
    return .allSettled
  }

  /// Records of what is due at `time` all that the plan of a request reads, so that the request is judged by it also where one batch
  /// may not record everything that is due. These are two or three steps; for a provider, those of its features.
  func settle(dueAt time: Timestamp, for request: ChangeRequest, in batch: WriteBatch) throws {
    let due = batch.state.registrations(of: request).filter { $0.pending.map { $0.dueAt <= time } == true }
    for resource in due.sorted(by: { $0.order < $1.order }) {
      // As it is after the steps before it.
      guard let resource = batch.state.current(resource), let pending = resource.pending else { continue }
      _ = try record(resource, pending, in: batch)
    }
  }

  /// Whether there was a step to record.
  private func record(_ resource: Resource, _ pending: PendingSettle, in batch: WriteBatch) throws -> Bool {
    let view = batch.readView
    let stamp = planning.stamp(ChangeOptions(), by: system, on: view, notBefore: pending.dueAt)
    guard let plan = try planning.settlePlan(resource, stamp, on: view) else { return false }
    try batch.append(
      Change(
        plan, method: "\(resource.kind.rawValue).settle", stamp: stamp,
        params: ["requestedSeq": .integer(pending.requestedSeq)]))
    return true
  }
}

extension Resource {
  /// The step that a registration waits for.
  fileprivate var pending: PendingSettle? {
    switch self {
    case .feature(let feature): feature.pending
    case .provider(let provider): provider.pending
    case .cluster, .extension: nil
    }
  }

  /// The order in which steps are recorded.
  fileprivate var order: (Timestamp, Int) { (pending?.dueAt ?? .earliest, pending?.requestedSeq ?? 0) }
}

extension CurrentState {
  /// The registrations that the plan of a request reads.
  fileprivate func registrations(of request: ChangeRequest) -> [Resource] {
    func resources(_ features: [Feature?], _ provider: Provider?) -> [Resource] {
      features.compactMap { $0.map(Resource.feature) } + [provider].compactMap { $0.map(Resource.provider) }
    }
    switch request {
    case .createCluster, .updateCluster, .rollbackCluster, .deleteCluster, .confirmCluster, .setExtension:
      guard let subscription = request.clusterKey?.subscription else { return [] }
      return resources([feature(.kubeProxyPreview(in: subscription))], provider(.containerService(in: subscription)))
    case .registerFeature(let key), .unregisterFeature(let key):
      let gate = feature(.kubeProxyPreview(in: key.provider.subscription))
      return resources([feature(key), gate], provider(key.provider))
    case .registerProvider(let key), .unregisterProvider(let key): return resources(features(of: key), provider(key))
    }
  }

  /// A registration as it is now.
  fileprivate func current(_ resource: Resource) -> Resource? {
    switch resource {
    case .feature(let feature): self.feature(feature.key).map(Resource.feature)
    case .provider(let provider): self.provider(provider.key).map(Resource.provider)
    case .cluster, .extension: nil
    }
  }
}
