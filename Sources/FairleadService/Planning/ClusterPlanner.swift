// Plans what becomes of a cluster: create, update, rollback and delete come to one shape and are judged alike.

internal import FairleadImpact
internal import FairleadJSON
internal import FairleadModel

/// What a cluster plan reads. Values, gathered in one transaction.
struct ClusterContext {
  let key: ClusterKey
  /// The head, a tombstone included.
  let head: Cluster?
  /// The last mode that ran, for a cluster whose kube-proxy is disabled.
  let lastMode: ProxyMode?
  let feature: Feature?
  let provider: Provider?
  let clientExtension: ClientExtension?

  /// The cluster, where it exists.
  var living: Cluster? { head?.deleted == false ? head : nil }

  var basis: PlanBasis {
    PlanBasis(
      subjectSeq: head?.updatedSeq ?? 0, featureSeq: feature?.updatedSeq ?? 0, providerSeq: provider?.updatedSeq ?? 0)
  }
}

struct ClusterPlanner {
  let context: ClusterContext
  let options: ChangeOptions
  let stamp: Stamp

  // MARK: The four requests

  func create(_ patch: ClusterPatch) throws(Refusal) -> Plan {
    if let living = context.living {
      throw Refusal(
        .alreadyExists,
        "cannot create \(context.key.display): it exists, at revision \(living.revision); update it instead")
    }
    if let expected = options.ifRevision, expected != 0 {
      throw .invalid("ifRevision", "cannot take \(expected) for ifRevision of a create: it is 0, for no such cluster")
    }
    try checkSequence()
    var cluster = Cluster(
      key: context.key, revision: (context.head?.revision ?? 0) + 1, config: patch.document?.config ?? .empty,
      createdAt: stamp.at, updatedAt: stamp.at, updatedSeq: stamp.seq)
    cluster.facts.apply(patch.facts)
    cluster.labels.apply(patch.labels)
    return try plan(
      Intent(
        verb: "create", origin: .create, before: nil, after: cluster, makesRevision: true,
        notes: patch.document?.notes ?? [], apiVersion: patch.apiVersion))
  }

  func update(_ patch: ClusterPatch) throws(Refusal) -> Plan {
    let living = try existing(to: "update")
    try checkGuards(living)
    var cluster = living
    cluster.facts.apply(patch.facts)
    cluster.labels.apply(patch.labels)
    var notes = patch.document?.notes ?? []
    if let document = patch.document {
      cluster.config = document.config
      if document.config.isEmpty {
        notes.append("An empty document resets the configuration to AKS's defaults: enabled, mode IPTABLES.")
      }
    }
    return try plan(
      Intent(
        verb: "update", origin: .update, before: living, after: cluster, makesRevision: cluster.config != living.config,
        notes: notes, apiVersion: patch.apiVersion))
  }

  /// `target` is the revision to bring back, as it was found.
  func rollback(to target: Revision, apiVersion: APIVersion) throws(Refusal) -> Plan {
    guard let head = context.head else { throw notFound(to: "roll back") }
    try checkGuards(head)
    guard let config = target.config else {
      throw .invalid(
        "toRevision",
        "cannot roll back \(context.key.display) to revision \(target.revision): that is its delete; "
          + "name another revision, or delete it")
    }
    var cluster = head
    cluster.config = config
    cluster.deleted = false
    let why = target.message.map { ": \($0)" } ?? ""
    let note = "Restores revision \(target.revision), recorded \(target.at.text) by \(target.actor.name)\(why)"
    return try plan(
      Intent(
        verb: "rollback", origin: .rollback, before: context.living, after: cluster,
        makesRevision: head.deleted || config != head.config, restores: target.revision, notes: [note],
        apiVersion: apiVersion))
  }

  func delete() throws(Refusal) -> Plan {
    let living = try existing(to: "delete")
    try checkGuards(living)
    try Overrides.check(options.overrides, message: options.message, findings: [])
    var cluster = living
    cluster.revision += 1
    cluster.updatedAt = stamp.at
    cluster.updatedSeq = stamp.seq
    cluster.deleted = true
    let diff = DiffEntry.between(living.config, nil)
    let report = Report(
      subject: context.key.display, verdict: .none,
      summary: Summary.text("delete", context.key.display, diff: diff, findings: [], records: true),
      notes: [
        "This ends the record of the cluster, not the cluster. Its history stays, and a rollback brings it back."
      ],
      diff: diff, affected: affected(living),
      rollback: RollbackAdvice(
        command: Commands.rollback(context.key, to: living.revision), clean: true, caveats: []),
      apply: Commands.delete(context.key))
    return Plan(
      report: report,
      effects: Effects(
        cluster: cluster,
        revision: Revision(
          revision: cluster.revision, baseRevision: living.revision, origin: .delete, config: nil, seq: stamp.seq,
          at: stamp.at, actor: stamp.actor, message: stamp.message, restores: nil)),
      noun: .cluster(cluster), records: true, refusal: nil, basis: context.basis)
  }

  // MARK: One shape for all

  /// A cluster before and after, and how the request came to it.
  private struct Intent {
    let verb: String
    let origin: Origin
    /// `nil` where no cluster exists before.
    let before: Cluster?
    /// With facts, labels and configuration as they would stand; its revision and stamp are set by the plan.
    let after: Cluster
    let makesRevision: Bool
    var restores: Int?
    let notes: [String]
    let apiVersion: APIVersion
  }

  private func plan(_ intent: Intent) throws(Refusal) -> Plan {
    let before = intent.before
    var after = intent.after
    try checkLabels(after.labels)
    // As written: 1.33 and 1.33.0 are one version to a rule, and two to the record.
    let movesFacts = before?.facts.json != after.facts.json
    let describesOnly = !intent.makesRevision && (movesFacts || before?.labels != after.labels)
    let records = intent.makesRevision || describesOnly
    let hasEffect = before?.config.effective != after.config.effective
    let change = Judgement(
      cluster: context.key, facts: after.facts, before: before?.config, after: after.config, lastMode: context.lastMode)

    var findings: [Finding] = []
    if hasEffect {
      findings = Engine.findings(for: change)
    } else {
      if !describesOnly { findings.append(NOOP01.finding(for: change)) }
      if movesFacts {
        findings += Engine.standingFindings(cluster: context.key, facts: after.facts, config: after.config)
      }
    }
    try Overrides.check(
      options.overrides, message: options.message, findings: findings.filter { !$0.standing })

    // A first configuration is gated where there is one; a later one where it changes anything.
    let isGated = hasEffect && (before != nil || !after.config.isEmpty)
    let prerequisites =
      isGated
      ? Gates.prerequisites(
        subscription: context.key.subscription, apiVersion: intent.apiVersion, mode: after.config.effective.mode,
        feature: context.feature, provider: context.provider, clientExtension: context.clientExtension) : []

    let base = context.head?.revision
    if intent.makesRevision { after.revision = (base ?? 0) + 1 }
    if records {
      after.updatedAt = stamp.at
      after.updatedSeq = stamp.seq
    }
    let diff = Self.diff(before, after)
    let report = Report(
      subject: context.key.display, verdict: Overrides.verdict(of: findings, overridden: options.overrides),
      summary: Summary.text(intent.verb, context.key.display, diff: diff, findings: findings, records: records),
      notes: intent.notes + notes(on: intent, change: change, hasEffect: hasEffect, describesOnly: describesOnly),
      overridden: findings.map(\.rule).filter(options.overrides.contains), diff: diff, findings: findings, prerequisites: prerequisites,
      estimates: hasEffect ? Engine.estimates(for: change) : Estimates(), affected: affected(after),
      rollback: rollbackAdvice(intent, change), apply: hasEffect ? apply(intent, after) : [])
    let revision =
      intent.makesRevision
      ? Revision(
        revision: after.revision, baseRevision: base, origin: intent.origin, config: after.config, seq: stamp.seq,
        at: stamp.at, actor: stamp.actor, message: stamp.message, restores: intent.restores) : nil
    return Plan(
      report: report, effects: Effects(cluster: after, revision: revision), noun: .cluster(after), records: records,
      refusal: refusal(for: report, verb: intent.verb), basis: context.basis)
  }

  private func refusal(for report: Report, verb: String) -> Refusal? {
    let blocking = report.findings.filter {
      $0.severity == .blocked && !$0.standing && !report.overridden.contains($0.rule)
    }
    let action = verb == "rollback" ? "roll back" : verb
    if let first = blocking.first {
      let others = blocking.count > 1 ? " (and \(blocking.count - 1) more)" : ""
      let help =
        blocking.allSatisfy { Catalogue.overridable.contains($0.rule) }
        ? "; to take it on all the same: " + blocking.map { "--override \($0.rule)" }.joined(separator: " ") + " -m WHY"
        : ""
      return Refusal(
        .blocked(report), "cannot \(action) \(context.key.display): \(first.rule) \(first.title)\(others)\(help)",
        azureCode: Catalogue.azureCode(of: first.rule))
    }
    guard report.hasUnmetGate else { return nil }
    let unmet = report.prerequisites.filter { $0.id.isGate && !$0.met }
    return Refusal(
      .prerequisite(report),
      "cannot \(action) \(context.key.display): " + unmet.map(\.detail).joined(separator: " ")
        + " Next: \(unmet.first?.command ?? "")",
      azureCode: Gates.azureCode(of: report.prerequisites, provider: context.provider))
  }

  // MARK: Parts of the report

  private func notes(on intent: Intent, change: Judgement, hasEffect: Bool, describesOnly: Bool) -> [String] {
    var notes: [String] = []
    if describesOnly { notes.append("Only facts and labels change; the configuration stays at its revision.") }
    if intent.origin == .rollback, hasEffect, !change.isCreation {
      let caveats = Engine.caveats(of: change)
      notes.append(
        caveats.isEmpty
          ? "Going back is clean: nothing of the newer configuration stays on the nodes."
          : "Going back is not clean: \(caveats.joined(separator: ", ")) below says what stays on the nodes.")
    }
    if hasEffect, !intent.after.config.effective.enabled, intent.after.facts.word(.networkPlugin) == "none" {
      notes.append(
        "AKS asks for no feature flag to disable kube-proxy under BYO CNI since its release of 2025-04-27; "
          + "Fairlead keeps the gate, as the AKS article has it.")
    }
    return notes
  }

  private func rollbackAdvice(_ intent: Intent, _ change: Judgement) -> RollbackAdvice? {
    guard intent.makesRevision else { return nil }
    guard let before = intent.before else {
      return RollbackAdvice(command: Commands.undoCreate(context.key), clean: true, caveats: [])
    }
    let caveats = change.reversed.map { Engine.caveats(of: $0) } ?? []
    return RollbackAdvice(
      command: Commands.rollback(context.key, to: before.revision), clean: caveats.isEmpty, caveats: caveats)
  }

  private func apply(_ intent: Intent, _ after: Cluster) -> [String] {
    Commands.apply(after.config, to: context.key, creates: intent.before == nil)
  }

  private func affected(_ cluster: Cluster) -> Affected {
    Affected(clusters: 1, nodes: cluster.facts.count(.nodeCount), services: cluster.facts.count(.serviceCount))
  }

  private static func diff(_ before: Cluster?, _ after: Cluster) -> [DiffEntry] {
    var diff = DiffEntry.between(before?.config, after.config)
    for key in FactKey.allCases {
      let old = before?.facts.values[key]?.json ?? .null
      let new = after.facts.values[key]?.json ?? .null
      if old != new { diff.append(DiffEntry(path: "facts.\(key.rawValue)", before: old, after: new)) }
    }
    let labels = Set(before?.labels.values.keys.map { $0 } ?? []).union(after.labels.values.keys)
    for key in labels.sorted() {
      let old = before?.labels.values[key]
      let new = after.labels.values[key]
      guard old != new else { continue }
      diff.append(
        DiffEntry(
          path: "labels.\(key)", before: old.map { .string($0) } ?? .null, after: new.map { .string($0) } ?? .null))
    }
    return diff
  }

  // MARK: Guards

  private func existing(to verb: String) throws(Refusal) -> Cluster {
    guard let living = context.living else { throw notFound(to: verb) }
    return living
  }

  private func notFound(to verb: String) -> Refusal { .missing(context.key, head: context.head, to: verb) }

  private func checkGuards(_ head: Cluster) throws(Refusal) {
    if let expected = options.ifRevision {
      guard expected != 0 else {
        throw .invalid("ifRevision", "cannot take 0 for ifRevision here: 0 is for create, where no cluster exists")
      }
      guard expected == head.revision else {
        throw Refusal(
          .conflict(path: "ifRevision", expected: expected, actual: head.revision),
          "cannot change \(context.key.display): it is at revision \(head.revision), not \(expected); "
            + "look at what changed and try again")
      }
    }
    try checkSequence()
  }

  private func checkSequence() throws(Refusal) {
    try options.checkSequence(actual: context.head?.updatedSeq ?? 0, subject: context.key.display)
  }

  private func checkLabels(_ labels: Labels) throws(Refusal) {
    guard labels.values.count <= Limits.labels else {
      throw .invalid(
        "labels", "cannot keep \(labels.values.count) labels on \(context.key.display): \(Limits.labels) is the limit")
    }
  }
}

extension ChangeOptions {
  /// Refuses where `ifSeq` names another change than the one that last moved the subject.
  func checkSequence(actual: Int, subject: String) throws(Refusal) {
    guard let expected = ifSeq, expected != actual else { return }
    throw Refusal(
      .conflict(path: "ifSeq", expected: expected, actual: actual),
      "cannot change \(subject): change \(actual) moved it last, not \(expected); look at what changed and try again")
  }
}

extension Refusal {
  /// A cluster that is not there, or not there any more.
  static func missing(_ key: ClusterKey, head: Cluster?, to verb: String) -> Refusal {
    let why =
      head.map {
        "it was deleted with change \($0.updatedSeq); 'fairlead rollback \(key.flags)' brings it back"
      } ?? "there is no such cluster; 'fairlead list' shows those that there are"
    return Refusal(.notFound, "cannot \(verb) \(key.display): \(why)", azureCode: "ResourceNotFound")
  }
}
