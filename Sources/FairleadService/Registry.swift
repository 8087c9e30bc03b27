// The service: one way in for every change, from the request to the record.

internal import FairleadJSON
package import FairleadModel
package import FairleadStore

/// Plans and commits changes, and answers reads. Synchronous: a call runs on the thread that makes it, a change holds
/// SQLite's one writer, and a read never waits for one.
package final class Registry: Sendable {
  let ledger: Ledger
  /// Seconds between asking for a registration and its settling.
  package let settleSeconds: Int
  let now: @Sendable () -> Timestamp
  /// The daemon itself, which settles registrations.
  let system: Actor
  /// Takes what an operator must be able to find under an incident's number.
  private let log: @Sendable (String) -> Void

  package init(
    ledger: Ledger, settleSeconds: Int, system: Actor, now: @escaping @Sendable () -> Timestamp,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.ledger = ledger
    self.settleSeconds = settleSeconds
    self.system = system
    self.now = now
    self.log = log
  }

  /// Plans `request`, and unless it is a dry run commits it. What comes back is durable.
  package func change(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor
  ) throws(Refusal) -> ChangeOutcome {
    try checkOptions(options, of: request)
    if options.dryRun {
      return try answering { try self.ledger.read { try self.dryRun(request, options, by: actor, in: $0) } }
    }
    return try answering { try self.ledger.write { try self.commit(request, options, by: actor, in: $0) } }
  }

  // MARK: The write path

  private func dryRun(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, in reader: LedgerReader
  ) throws -> ChangeOutcome {
    let stamp = try stamp(options, by: actor, in: reader)
    let (plan, answered) = try plan(request, options, stamp, in: reader)
    let digest = PlanDigest(method: request.method, params: options.params, basis: plan.basis)
    if let expected = options.planDigest { try digest.check(expected, kind: request.kind) }
    var report = plan.report
    report.planDigest = digest.text
    return outcome(seq: nil, report: report, noun: answered)
  }

  private func commit(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, in writer: LedgerWriter
  ) throws -> ChangeOutcome {
    if let replayed = try replay(request, options, by: actor, in: writer.reader) { return replayed }
    let stamp = try stamp(options, by: actor, in: writer.reader)
    let (plan, answered) = try plan(request, options, stamp, in: writer.reader)
    if let expected = options.planDigest {
      try PlanDigest(method: request.method, params: options.params, basis: plan.basis)
        .check(expected, kind: request.kind)
    }
    if let refusal = plan.refusal { throw refusal }
    guard plan.records else { return outcome(seq: nil, report: plan.report, noun: plan.noun) }
    let change = record(
      plan, method: request.method, stamp: stamp, requestID: options.requestID, params: options.params,
      answered: answered == plan.noun ? nil : answered.json)
    try writer.append(change)
    try settle(dueAt: stamp.at, in: writer)
    return Self.outcome(of: change)
  }

  /// The answer that this idempotency key has had, before any other check and without a trace.
  private func replay(
    _ request: ChangeRequest, _ options: ChangeOptions, by actor: Actor, in reader: LedgerReader
  ) throws -> ChangeOutcome? {
    guard let requestID = options.requestID, let change = try reader.change(uid: actor.uid, requestID: requestID)
    else { return nil }
    guard change.method == request.method, change.params == options.params else {
      throw Refusal(
        .requestIDReused,
        "cannot take requestId '\(requestID)' again: it stands for change \(change.seq), another request; "
          + "use a new one for a new request")
    }
    return Self.outcome(of: change)
  }

  /// Takes every registration step that is due, each as a change of the daemon's own.
  func settle(dueAt time: Timestamp, in writer: LedgerWriter) throws {
    while let next = try writer.reader.nextSettle(), next.pending.dueAt <= time {
      let stamp = try stamp(ChangeOptions(), by: system, in: writer.reader)
      guard let key = next.noun.providerKey else { return }
      let planner = RegistrationPlanner(context: try context(key, in: writer.reader), stamp: stamp)
      guard let plan = planner.settle(next.noun) else { return }
      try writer.append(
        record(
          plan, method: "\(next.noun.kind.rawValue).settle", stamp: stamp, requestID: nil,
          params: ["requestedSeq": .integer(next.pending.requestedSeq)], answered: nil))
    }
  }

  // MARK: Planning

  /// The plan for a request, and the noun as its caller is answered.
  private func plan(
    _ request: ChangeRequest, _ options: ChangeOptions, _ stamp: Stamp, in reader: LedgerReader
  ) throws -> (plan: Plan, answered: Noun) {
    switch request {
    case .createCluster(let key, let patch):
      return try clusterPlan(key, startsAnew: true, options, stamp, in: reader) { (planner) throws(Refusal) in
        try planner.create(patch)
      }
    case .updateCluster(let key, let patch):
      return try clusterPlan(key, options, stamp, in: reader) { (planner) throws(Refusal) in try planner.update(patch) }
    case .rollbackCluster(let key, let number, let apiVersion):
      let target = try target(of: key, number: number, in: reader)
      return try clusterPlan(key, options, stamp, in: reader) { (planner) throws(Refusal) in
        try planner.rollback(to: target, apiVersion: apiVersion)
      }
    case .deleteCluster(let key):
      return try clusterPlan(key, options, stamp, in: reader) { (planner) throws(Refusal) in try planner.delete() }
    case .registerFeature(let key):
      return try registrationPlan(key.provider, options, stamp, in: reader) { $0.register(key) }
    case .unregisterFeature(let key):
      return try registrationPlan(key.provider, options, stamp, in: reader) { $0.unregister(key) }
    case .registerProvider(let key):
      return try registrationPlan(key, options, stamp, in: reader) { $0.register(key) }
    case .unregisterProvider(let key):
      return try registrationPlan(key, options, stamp, in: reader) { $0.unregister(key) }
    case .setExtension(let name, let version):
      let head = try reader.clientExtension(name)
      let plan = ExtensionPlanner.set(name: name, version: version, head: head, stamp: stamp)
      try options.checkSequence(actual: plan.basis.subjectSeq, subject: name)
      return (plan, plan.noun)
    }
  }

  private func clusterPlan(
    _ key: ClusterKey, startsAnew: Bool = false, _ options: ChangeOptions, _ stamp: Stamp, in reader: LedgerReader,
    _ body: (ClusterPlanner) throws(Refusal) -> Plan
  ) throws -> (plan: Plan, answered: Noun) {
    let head = try reader.cluster(key)
    let context = ClusterContext(
      // A cluster keeps the spelling that it was created in, also when it comes back.
      key: head.map { $0.deleted && startsAnew ? key : $0.key } ?? key, head: head,
      lastMode: head?.config.effective.enabled == false ? try reader.lastMode(of: key) : nil,
      feature: try reader.feature(.kubeProxyPreview(in: key.subscription)),
      provider: try reader.provider(.containerService(in: key.subscription)),
      clientExtension: try reader.clientExtension(ClientExtension.aksPreview))
    let plan = try body(ClusterPlanner(context: context, options: options, stamp: stamp))
    return (plan, plan.noun)
  }

  private func registrationPlan(
    _ key: ProviderKey, _ options: ChangeOptions, _ stamp: Stamp, in reader: LedgerReader,
    _ body: (RegistrationPlanner) -> Plan
  ) throws -> (plan: Plan, answered: Noun) {
    let planner = RegistrationPlanner(context: try context(key, in: reader), stamp: stamp)
    let plan = body(planner)
    try options.checkSequence(actual: plan.basis.subjectSeq, subject: plan.noun.subject)
    return (plan, planner.settledAtOnce(plan))
  }

  private func context(_ key: ProviderKey, in reader: LedgerReader) throws -> RegistrationContext {
    let population = try reader.population(of: key.subscription)
    return RegistrationContext(
      provider: key, providerHead: try reader.provider(key),
      features: try reader.features(
        RegistrationFilter(subscription: key.subscription, namespace: key.namespace), after: nil, limit: Int(Int32.max)),
      clusters: population.clusters, configured: population.configured,
      first: try reader.clusters(
        ClusterFilter(subscription: key.subscription), after: nil, limit: Affected.listed),
      settleSeconds: settleSeconds)
  }

  /// The revision that a rollback brings back.
  private func target(of key: ClusterKey, number: Int?, in reader: LedgerReader) throws -> Revision {
    guard let head = try reader.cluster(key) else { throw Refusal.missing(key, head: nil, to: "roll back") }
    let wanted = number ?? head.revision - 1
    guard wanted >= 1 else {
      throw Refusal(.notFound, "cannot roll back \(head.key.display): it has only revision 1")
    }
    guard let revision = try reader.revision(wanted, of: key) else {
      throw Refusal(
        .notFound,
        "cannot roll back \(head.key.display) to revision \(wanted): it has revisions 1 to \(head.revision)")
    }
    return revision
  }

  private func stamp(_ options: ChangeOptions, by actor: Actor, in reader: LedgerReader) throws -> Stamp {
    let head = try reader.head()
    // A clock that was set back does not reorder the log.
    let at = max(now(), head.at ?? Timestamp(milliseconds: Int.min))
    return Stamp(seq: head.seq + 1, at: at, actor: actor, message: options.message)
  }

  // MARK: Checks and answers

  private func checkOptions(_ options: ChangeOptions, of request: ChangeRequest) throws(Refusal) {
    guard request.kind != .cluster else { return }
    if options.ifRevision != nil {
      throw .invalid(
        "ifRevision", "cannot take ifRevision here: a \(request.kind.rawValue) has no revisions; use ifSeq")
    }
    try Overrides.check(options.overrides, message: options.message, findings: [])
  }

  private func record(
    _ plan: Plan, method: String, stamp: Stamp, requestID: String?, params: JSON, answered: JSON?
  ) -> Change {
    var report = plan.report
    report.seq = stamp.seq
    return Change(
      seq: stamp.seq, at: stamp.at, method: method, kind: plan.noun.kind, subject: report.subject, actor: stamp.actor,
      message: stamp.message, requestID: requestID, params: params, report: report, effects: plan.effects,
      answered: answered)
  }

  private func outcome(seq: Int?, report: Report, noun: Noun) -> ChangeOutcome {
    var revision: Int?
    if case .cluster(let cluster) = noun { revision = cluster.revision }
    return ChangeOutcome(seq: seq, report: report, revision: revision, kind: noun.kind, noun: noun.json)
  }

  /// What a recorded change answers, now and whenever it is asked for again.
  private static func outcome(of change: Change) -> ChangeOutcome {
    ChangeOutcome(
      seq: change.seq, report: change.report, revision: change.effects.cluster?.revision, kind: change.kind,
      noun: change.answeredNoun)
  }

  /// Turns what `body` throws into a refusal: its own as it is, the ledger's as unavailable or internal.
  func answering<Value>(_ body: () throws -> Value) throws(Refusal) -> Value {
    do {
      return try body()
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as LedgerError {
      switch error.reason {
      case .notWritable, .inUse: throw Refusal(.unavailable, error.message)
      case .notALedger, .fromTheFuture, .corrupt, .other: throw internalError(error.message)
      }
    } catch {
      throw internalError("\(error)")
    }
  }

  private func internalError(_ detail: String) -> Refusal {
    let incident = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    log("incident \(incident): \(detail)")
    return Refusal(
      .internalError(incident: incident),
      "cannot answer: something in fairleadd failed; its log has the detail under incident \(incident)")
  }
}

extension Noun {
  /// The provider to which a registration belongs.
  fileprivate var providerKey: ProviderKey? {
    switch self {
    case .feature(let feature): feature.key.provider
    case .provider(let provider): provider.key
    case .cluster, .extension: nil
    }
  }
}
