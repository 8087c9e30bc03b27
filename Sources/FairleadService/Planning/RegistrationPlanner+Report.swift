// The report of a registration step: the diff, and the clusters whose gate it opens or closes or that it leaves stuck.

internal import FairleadImpact
internal import ExactJSON
internal import FairleadModel

extension RegistrationPlanner {
  /// The plan for a step from `before` to `after`, with the features that change along with it.
  func plan(_ verb: String, before: Resource, after: Resource, features: [Feature], notes: [String]) -> Plan {
    let isRecorded = before != after
    let diff = diff(before, after, features)
    let closes = isRecorded && closesGate(after, features)
    let opens = isRecorded && context.clusters > 0 && opensGate(after)
    let finding =
      closes
      ? RegistrationEnds.finding(
        clusters: context.clusters, stuck: stuck,
        reopen: "fairlead feature show \(FeatureKey.kubeProxyPreview(in: context.provider.subscription).flags)")
      : nil
    let findings = finding.map { [$0] } ?? []
    let subject = after.subject
    let report = Report(
      subject: subject, verdict: Overrides.verdict(of: findings, overridden: []),
      summary: summary(verb, subject, diff, findings, isRecorded: isRecorded, opens: opens, closes: closes),
      notes: notes,
      diff: diff,
      findings: findings, affected: affected(opens: opens, closes: closes),
      sequence: isRecorded ? sequence(verb, after) : [])
    var effects = Effects(features: features)
    if case .provider(let provider) = after { effects.provider = provider }
    let basis = PlanBasis(
      subjectSeq: before.updatedSeq, featureSeq: context.gate?.updatedSeq ?? 0,
      providerSeq: context.providerHead?.updatedSeq ?? 0)
    return Plan(report: report, effects: effects, resource: after, isRecorded: isRecorded, refusal: nil, basis: basis)
  }

  /// Whether a step opens or closes the gate of the subscription's clusters, which its report names then.
  func movesGate(_ plan: Plan) -> Bool {
    plan.isRecorded && (closesGate(plan.resource, plan.effects.features) || opensGate(plan.resource))
  }

  private func summary(
    _ verb: String, _ subject: String, _ diff: [DiffEntry], _ findings: [Finding], isRecorded: Bool, opens: Bool,
    closes: Bool
  ) -> String {
    let text = Summary.text(verb, subject, diff: diff, findings: findings, isRecorded: isRecorded)
    guard isRecorded else { return text }
    let opening = opens ? "opens \(count(context.clusters))" + (verb == "settle" ? "" : " once it has settled") : nil
    if closes, context.clusters > 0 { return "\(text); \(closing)" }
    // Registering a registered provider again changes no value of its own; it only propagates features.
    if diff.isEmpty { return "\(verb) \(subject): \(opening ?? "carries the features that wait for it")" }
    return opening.map { "\(text); \($0)" } ?? text
  }

  /// How many clusters the end of a registration affects, and how.
  private var closing: String {
    let (stuck, closed) = (stuck, context.clusters - stuck)
    if stuck == 0 { return "closes \(count(closed))" }
    return closed == 0 ? "leaves \(count(stuck)) stuck" : "closes \(count(closed)), leaves \(stuck) stuck"
  }

  /// How many clusters have a configuration, with which they are stuck once the gate is closed.
  private var stuck: Int { context.named.count { $0.isConfigured } }

  private func count(_ clusters: Int) -> String { clusters == 1 ? "1 cluster" : "\(clusters) clusters" }

  private func diff(_ before: Resource, _ after: Resource, _ features: [Feature]) -> [DiffEntry] {
    var diff: [DiffEntry] = []
    if let old = before.state, let new = after.state, old != new {
      diff.append(DiffEntry(path: "state", before: .string(old.rawValue), after: .string(new.rawValue)))
    }
    for feature in features {
      let old = context.feature(feature.key)?.propagated ?? false
      guard old != feature.propagated else { continue }
      diff.append(
        DiffEntry(path: "\(feature.key.name).propagated", before: .bool(old), after: .bool(feature.propagated)))
    }
    return diff
  }

  /// Whether the step closes the gate for clusters that could be changed before.
  private func closesGate(_ after: Resource, _ features: [Feature]) -> Bool {
    guard Gates.isOpen(context.gate), let gate = context.gate else { return false }
    return features.contains { $0.key.folded == gate.key.folded && !Gates.isOpen($0) }
  }

  /// Whether the step opens the gate, once it has settled.
  private func opensGate(_ after: Resource) -> Bool {
    guard let gate = context.gate, gate.state == .registered, !gate.propagated, case .provider(let provider) = after,
      provider.state == .registering || provider.state == .registered
    else { return false }
    // A step that settles has nothing pending any more; it propagates what was Registered before its request.
    let asked = provider.pending?.requestedSeq ?? context.providerHead?.pending?.requestedSeq ?? 0
    return asked > gate.registeredSeq ?? Int.max
  }

  private func affected(opens: Bool, closes: Bool) -> Affected {
    guard opens || closes else { return Affected(clusters: 0) }
    return Affected(
      clusters: context.clusters,
      named: context.named.map {
        Affected.Cluster(subject: $0.subject, effect: opens ? .opens : $0.isConfigured ? .stuck : .closes)
      })
  }

  private func sequence(_ verb: String, _ resource: Resource) -> [Step] {
    guard verb != "settle" else { return [] }
    let command: String
    switch resource {
    case .feature(let feature): command = "az feature \(verb) \(feature.key.flags)"
    case .provider(let provider): command = "az provider \(verb) \(provider.key.flags)"
    case .cluster, .extension: return []
    }
    return [Step(.during, "Ask Azure for it.", commands: [command])]
  }
}

extension Resource {
  /// Its display name.
  var subject: String {
    switch self {
    case .cluster(let cluster): cluster.key.display
    case .feature(let feature): feature.key.display
    case .provider(let provider): provider.key.display
    case .extension(let clientExtension): clientExtension.name
    }
  }

  /// The change that last updated it.
  var updatedSeq: Int {
    switch self {
    case .cluster(let cluster): cluster.updatedSeq
    case .feature(let feature): feature.updatedSeq
    case .provider(let provider): provider.updatedSeq
    case .extension(let clientExtension): clientExtension.updatedSeq
    }
  }

  /// A registration's state.
  fileprivate var state: RegistrationState? {
    switch self {
    case .feature(let feature): feature.state
    case .provider(let provider): provider.state
    case .cluster, .extension: nil
    }
  }
}
