// Plans a change of a cluster: create, update, rollback and delete, all judged in the same way.

internal import FairleadImpact
internal import ExactJSON
internal import FairleadModel

/// What a cluster plan reads. Values, gathered in one transaction.
struct ClusterContext {
  /// Judges the change.
  var engine = Engine()
  let key: ClusterKey
  /// The cluster's current row, also if it is deleted.
  let current: Cluster?
  /// The configuration that is restored if the current one is not confirmed; `nil` where none is pending.
  let confirmed: KubeProxyConfig?
  /// The last mode that ran, for a cluster whose kube-proxy is disabled.
  let lastMode: ProxyMode?
  /// IPVS timeouts that earlier revisions wrote into the kernels; read only for a change to IPVS.
  var kernelTimeouts: [IPVSTimeout: Int] = [:]
  let feature: Feature?
  let provider: Provider?
  let clientExtension: ClientExtension?
  /// The cluster that may be meant where there is none of this name.
  var nearest: String?

  /// The cluster, if it exists.
  var existing: Cluster? { current?.deleted == false ? current : nil }

  var basis: PlanBasis {
    PlanBasis(
      subjectSeq: current?.updatedSeq ?? 0, featureSeq: feature?.updatedSeq ?? 0, providerSeq: provider?.updatedSeq ?? 0
    )
  }
}

struct ClusterPlanner {
  let context: ClusterContext
  let options: ChangeOptions
  let stamp: Stamp

  // MARK: Requests

  func create(_ patch: ClusterPatch) throws -> Plan {
    if let existing = context.existing {
      throw Refusal(
        .alreadyExists,
        "cannot create \(context.key.display): it exists, at revision \(existing.revision); update it instead")
    }
    if let expected = options.ifRevision, expected != 0 {
      throw Refusal.invalid(
        "ifRevision", "cannot take \(expected) for ifRevision of a create: it is 0, for no such cluster")
    }
    try checkSequence()
    var cluster = Cluster(
      key: context.key, revision: (context.current?.revision ?? 0) + 1, config: patch.document?.config ?? .empty,
      createdAt: stamp.at, updatedAt: stamp.at, updatedSeq: stamp.seq)
    cluster.facts.apply(patch.facts)
    cluster.labels.apply(patch.labels)
    return try plan(
      ClusterIntent(
        verb: "create", origin: .create, before: nil, after: cluster, createsRevision: true,
        notes: patch.document?.notes ?? [], apiVersion: patch.apiVersion))
  }

  func update(_ patch: ClusterPatch) throws -> Plan {
    let existing = try requireExisting(to: "update")
    try checkGuards(existing)
    var cluster = existing
    cluster.facts.apply(patch.facts)
    cluster.labels.apply(patch.labels)
    var notes = patch.document?.notes ?? []
    if let document = patch.document {
      cluster.config = document.config
      if document.config.isEmpty {
        notes.append("An empty document resets the configuration to AKS's defaults: enabled, mode IPTABLES.")
      }
    }
    if cluster.config != existing.config { try checkNothingPending(existing, to: "update") }
    return try plan(
      ClusterIntent(
        verb: "update", origin: .update, before: existing, after: cluster,
        createsRevision: cluster.config != existing.config,
        notes: notes, apiVersion: patch.apiVersion))
  }

  /// `target` is the revision to restore.
  func rollback(to target: Revision, apiVersion: APIVersion) throws -> Plan {
    guard let current = context.current else { throw notFound(to: "roll back") }
    try checkGuards(current)
    guard let config = target.config else {
      throw Refusal.invalid(
        "toRevision",
        "cannot roll back \(context.key.display) to revision \(target.revision): that is its delete; "
          + "name another revision, or delete it")
    }
    var cluster = current
    cluster.config = config
    cluster.deleted = false
    return try plan(
      ClusterIntent(
        verb: "rollback", origin: .rollback, before: context.existing, after: cluster,
        createsRevision: current.deleted || config != current.config, restores: target.revision,
        notes: [restoreNote(target)], apiVersion: apiVersion))
  }

  func restoreNote(_ target: Revision) -> String {
    let why = target.message.map { ": \($0)" } ?? ""
    return "Restores revision \(target.revision), recorded \(target.at.text) by \(target.actor.name)\(why)"
  }

  func delete() throws(Refusal) -> Plan {
    let existing = try requireExisting(to: "delete")
    try checkGuards(existing)
    try checkNothingPending(existing, to: "delete")
    try Overrides.check(options.overrides, message: options.message, findings: [])
    var cluster = existing
    cluster.revision += 1
    cluster.updatedAt = stamp.at
    cluster.updatedSeq = stamp.seq
    cluster.deleted = true
    let diff = DiffEntry.between(existing.config, nil)
    let report = Report(
      subject: context.key.display, verdict: .none,
      summary: Summary.text("delete", context.key.display, diff: diff, findings: [], isRecorded: true),
      notes: [
        "This ends the record of the cluster, not the cluster. Its history stays, and a rollback brings it back."
      ],
      diff: diff, affected: affected(existing),
      rollback: RollbackAdvice(
        command: Commands.rollback(context.key, to: existing.revision), clean: true, caveats: []),
      sequence: [Step(.during, "Delete the cluster itself.", commands: Commands.delete(context.key))])
    return Plan(
      report: report,
      effects: Effects(
        cluster: cluster,
        revision: Revision(
          revision: cluster.revision, baseRevision: existing.revision, origin: .delete, config: nil, seq: stamp.seq,
          at: stamp.at, actor: stamp.actor, message: stamp.message, restores: nil)),
      resource: .cluster(cluster), isRecorded: true, refusal: nil, basis: context.basis)
  }

  // MARK: Guards

  func requireExisting(to verb: String) throws(Refusal) -> Cluster {
    guard let existing = context.existing else { throw notFound(to: verb) }
    return existing
  }

  private func notFound(to verb: String) -> Refusal {
    .missing(context.key, current: context.current, to: verb, nearest: context.nearest)
  }

  func checkGuards(_ current: Cluster) throws(Refusal) {
    if let expected = options.ifRevision {
      guard expected != 0 else {
        throw Refusal.invalid(
          "ifRevision", "cannot take 0 for ifRevision here: 0 is for create, where no cluster exists")
      }
      guard expected == current.revision else {
        throw Refusal(
          .conflict(path: "ifRevision", expected: expected, actual: current.revision),
          "cannot change \(context.key.display): it is at revision \(current.revision), not \(expected); "
            + "look at what changed and try again")
      }
    }
    try checkSequence()
  }

  private func checkSequence() throws(Refusal) {
    try options.checkSequence(actual: context.current?.updatedSeq ?? 0, subject: context.key.display)
  }

  func checkLabels(_ labels: Labels) throws(Refusal) {
    guard labels.values.count <= Limits.labels else {
      throw Refusal.invalid(
        "labels",
        "cannot keep \(labels.values.count) labels on \(context.key.display): \(Limits.labels) is the limit; remove some"
      )
    }
  }
}

extension ChangeOptions {
  /// Refuses if `ifSeq` is not the change that last updated the subject.
  func checkSequence(actual: Int, subject: String) throws(Refusal) {
    guard let expected = ifSeq, expected != actual else { return }
    let last = actual == 0 ? "nothing has moved it yet" : "change \(actual) moved it last"
    throw Refusal(
      .conflict(path: "ifSeq", expected: expected, actual: actual),
      "cannot change \(subject): \(last), not change \(expected); look at what changed and try again")
  }
}

extension Refusal {
  /// A cluster that does not exist, or is deleted.
  /// - Parameter nearest: the cluster that may be meant instead.
  static func missing(
    _ key: ClusterKey, current: Cluster?, to verb: String, nearest: @autoclosure () -> String?
  ) -> Refusal {
    let nearest = current == nil ? nearest() : nil
    let why =
      current.map {
        "it was deleted with change \($0.updatedSeq); cluster.rollback brings it back"
      }
      ?? "there is no such cluster; "
      + (nearest.map { "did you mean '\($0)'?" } ?? "cluster.list shows those that exist")
    return Refusal(.missing(nearest: nearest), "cannot \(verb) \(key.display): \(why)", azureCode: "ResourceNotFound")
  }
}
