// Judges and reports every plan of a cluster in the same way, from one description of what it intends.

internal import FairleadImpact
internal import ExactJSON
internal import FairleadModel

/// A cluster before and after the change, and the request that leads from one to the other.
struct ClusterIntent {
  let verb: String
  let origin: Origin
  /// `nil` where the cluster does not exist before.
  let before: Cluster?
  /// With the new facts, labels and configuration; the plan sets its revision and times.
  let after: Cluster
  let createsRevision: Bool
  var restores: Int?
  let notes: [String]
  let apiVersion: APIVersion
}

extension ClusterPlanner {
  /// Judges the intent and assembles the report.
  func plan(_ intent: ClusterIntent) throws -> Plan {
    let before = intent.before
    var after = intent.after
    try checkLabels(after.labels)
    let diff = Self.diff(before, after)
    // Facts and labels are compared as written: 1.33 and 1.33.0 are the same version to a rule, and different to the record.
    let describes = diff.contains { $0.path.hasPrefix("facts.") || $0.path.hasPrefix("labels.") }
    let describesOnly = !intent.createsRevision && !diff.isEmpty
    let isRecorded = intent.createsRevision || describesOnly || intent.origin == .revert
    let hasEffect = before?.config.effective != after.config.effective
    let change = ConfigChange(
      cluster: context.key, facts: after.facts, before: before?.config, after: after.config, lastMode: context.lastMode,
      kernelTimeouts: context.kernelTimeouts)

    var findings: [Finding] = []
    if hasEffect {
      findings = try context.engine.findings(for: change)
    } else {
      if !describesOnly { findings.append(NothingChanges.finding(for: change)) }
      if describes {
        findings += try context.engine.standingFindings(cluster: context.key, facts: after.facts, config: after.config)
      }
    }
    try Overrides.check(
      options.overrides, message: options.message, findings: findings.filter { !$0.standing })
    // A revert overrides everything: what it leads to was in effect before.
    let overrides =
      intent.origin == .revert
      ? findings.filter { $0.severity == .blocked && !$0.standing }.map(\.rule) : options.overrides

    // A create has to meet the gates if it sets a configuration, a later change if it changes the effective configuration.
    let isGated = hasEffect && (before != nil || !after.config.isEmpty)
    let prerequisites =
      isGated
      ? Gates.prerequisites(
        subscription: context.key.subscription, apiVersion: intent.apiVersion, mode: after.config.effective.mode,
        feature: context.feature, provider: context.provider, clientExtension: context.clientExtension) : []

    let confirmation = try confirmation(intent, change)
    after.pendingConfirm = confirmation.pending
    let base = context.current?.revision
    if intent.createsRevision { after.revision = (base ?? 0) + 1 }
    if isRecorded {
      after.updatedAt = stamp.at
      after.updatedSeq = stamp.seq
    }
    let rollback = try rollbackAdvice(intent, change)
    let steps = Steps(
      engine: context.engine, change: change, findings: findings, prerequisites: prerequisites, after: after,
      rollback: rollback)
    let report = Report(
      subject: context.key.display, verdict: Overrides.verdict(of: findings, overridden: overrides),
      summary: Summary.text(
        intent.verb, context.key.display, diff: diff, findings: findings, isRecorded: isRecorded,
        overridden: overrides),
      notes: try intent.notes + notes(on: intent, change: change, hasEffect: hasEffect, describesOnly: describesOnly)
        + confirmation.notes + (intent.origin == .revert ? bypassed(prerequisites, overrides) : []),
      overridden: findings.map(\.rule).filter(overrides.contains), diff: diff, findings: findings,
      prerequisites: prerequisites, estimates: hasEffect ? Estimates(for: change) : Estimates(),
      affected: affected(after),
      rollback: rollback, pendingConfirm: confirmation.notice, sequence: hasEffect ? steps.inOrder : [])
    let revision =
      intent.createsRevision
      ? Revision(
        revision: after.revision, baseRevision: base, origin: intent.origin, config: after.config, seq: stamp.seq,
        at: stamp.at, actor: stamp.actor, message: stamp.message, restores: intent.restores) : nil
    return Plan(
      report: report, effects: Effects(cluster: after, revision: revision), resource: .cluster(after),
      isRecorded: isRecorded,
      refusal: intent.origin == .revert ? nil : refusal(for: report, verb: intent.verb), basis: context.basis)
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
        ? "; to record it anyway, name \(blocking.map(\.rule).joined(separator: ", ")) in override and say why in message"
        : ""
      return Refusal(
        .blocked(report), "cannot \(action) \(context.key.display): \(first.rule) \(first.title)\(others)\(help)",
        azureCode: Catalogue.azureCode(of: first.rule))
    }
    guard report.hasUnmetGate else { return nil }
    let unmet = report.prerequisites.filter { $0.id.isGate && !$0.met }
    return Refusal(
      .prerequisite(report),
      "cannot \(action) \(context.key.display): " + unmet.map(\.detail).joined(separator: " "),
      azureCode: Gates.azureCode(of: report.prerequisites, provider: context.provider))
  }

  // MARK: Parts of the report

  private func notes(on intent: ClusterIntent, change: ConfigChange, hasEffect: Bool, describesOnly: Bool) throws
    -> [String]
  {
    var notes: [String] = []
    if describesOnly { notes.append("Only facts and labels change; the configuration stays at its revision.") }
    if intent.origin == .rollback || intent.origin == .revert, hasEffect, !change.isCreation {
      let caveats = try context.engine.caveats(of: change)
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

  private func rollbackAdvice(_ intent: ClusterIntent, _ change: ConfigChange) throws -> RollbackAdvice? {
    guard intent.createsRevision else { return nil }
    guard let before = intent.before else {
      return RollbackAdvice(command: Commands.undoCreate(context.key), clean: true, caveats: [])
    }
    let caveats = try change.reversed.map { try context.engine.caveats(of: $0) } ?? []
    return RollbackAdvice(
      command: Commands.rollback(context.key, to: before.revision), clean: caveats.isEmpty, caveats: caveats)
  }

  func affected(_ cluster: Cluster) -> Affected {
    Affected(clusters: 1, nodes: cluster.facts.count(.nodeCount), services: cluster.facts.count(.serviceCount))
  }

  private static func diff(_ before: Cluster?, _ after: Cluster) -> [DiffEntry] {
    var diff = DiffEntry.between(before?.config, after.config)
    let facts = before?.facts ?? ClusterFacts()
    for key in FactKey.allCases {
      let old = facts[key]
      let new = after.facts[key]
      let isKept = old?.isWritten(like: new) ?? (new == nil)
      if !isKept {
        diff.append(
          DiffEntry(path: "facts.\(key.rawValue)", before: old?.json ?? .null, after: new?.json ?? .null))
      }
    }
    let old = before?.labels.values ?? [:]
    let new = after.labels.values
    let moved = new.keys.filter { !hasSameBytes(old[$0], new[$0]) } + old.keys.filter { new[$0] == nil }
    for key in moved.sorted() {
      diff.append(
        DiffEntry(
          path: "labels.\(key)", before: old[key].map { .string($0) } ?? .null,
          after: new[key].map { .string($0) } ?? .null))
    }
    return diff
  }

  /// By bytes, as SQLite compares them: Swift treats different Unicode compositions of a character as equal.
  private static func hasSameBytes(_ a: String?, _ b: String?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return a.utf8.elementsEqual(b.utf8)
  }
}
