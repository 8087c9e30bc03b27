// What a person at the terminal can do about a refusal. The daemon names parameters; the command lines are named here.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire

extension DaemonError {
  /// Lines that say what to do, decided by the error's kind and typed detail and by the request that was refused.
  func hints(method: String, params: JSONObject) -> [String] {
    switch kind {
    case .planStale:
      return moved + ["Make the plan again and look at it before it is recorded."]
    case .busy: return data["retryAfterMs"]?.intValue.map { ["Try again in \($0) ms."] } ?? []
    case .internal: return data["incident"]?.stringValue.map { ["The daemon's log has it as incident \($0)."] } ?? []
    case .prerequisite:
      let unmet = report?.prerequisites.first { $0.id.isGate && !$0.met }
      return ["Nothing was recorded. The report names what is to be done first."]
        + (unmet.map { ["Next: \($0.command)"] } ?? [])
    case .blocked:
      return ["Nothing was recorded."] + (RefusalHints.overriding(report?.blockingRules ?? []).map { [$0] } ?? [])
    case .notFound: return missing(method: method, params: params)
    case .conflict: return conflicting(params: params)
    case .invalidParams: return misspelt(method: method)
    case .parseError, .invalidRequest, .unknownMethod, .alreadyExists, .denied, .tooLarge, .unavailable,
      .requestIDReused, nil:
      return []
    }
  }

  /// How to find or make what is not there. Only a cluster that is not there has Azure's code for it; a revision that
  /// is not there has none.
  private func missing(method: String, params: JSONObject) -> [String] {
    if method == "extension.get", let name = params["name"]?.stringValue {
      return ["'fairlead extension add \(spelled("--name", name))' adds it."]
    }
    // The message has the cluster that was meant.
    guard data["azureCode"] == "ResourceNotFound", data["nearest"] == nil else { return [] }
    var hint = "'fairlead list' shows the clusters that exist"
    // A rollback is what brings a deleted cluster back: one that finds nothing has no cluster to bring back.
    if method != "cluster.rollback", let flags = RefusalHints.flags(params) {
      hint += "; 'fairlead rollback \(flags)' brings a deleted one back"
    }
    return [hint + "."]
  }

  /// How to record a name all the same that is close to one that is known.
  private func misspelt(method: String) -> [String] {
    let takesForce = Method.all.first { $0.name == method }?.parameters.contains { $0.name == "force" } == true
    guard takesForce, data["nearest"] != nil, let path = data["path"], path == "name" || path == "namespace" else {
      return []
    }
    return ["Nothing was recorded. To record it as it is spelt: --force"]
  }

  private func conflicting(params: JSONObject) -> [String] {
    // In a request of many the path starts with the change's place.
    let guardName = data["path"]?.stringValue?.split(separator: ".").last
    switch guardName {
    case "toRevision": return ["To go on to another revision, name it with --to-revision."]
    // The guard expects no pending change. A confirmation that finds none expects one, and there is nothing to do.
    case "pendingConfirm" where data["expected"] == 0:
      let flags = RefusalHints.flags(params).map { " \($0)" } ?? ""
      return ["'fairlead confirm\(flags)' keeps it; 'fairlead rollback\(flags)' goes back."]
    default: return []
    }
  }

  /// What made a plan stale, a line each: the changes since, or the parts that moved where no change moved them.
  private var moved: [String] {
    let changes = (data["changes"]?.arrayValue ?? []).compactMap { change -> String? in
      guard let seq = change["seq"]?.intValue, let summary = change["summary"]?.stringValue else { return nil }
      let actor = change["actor"]?["name"]?.stringValue.map { " by \($0)" } ?? ""
      let message = change["message"]?.stringValue.map { " (\($0))" } ?? ""
      return "Change \(seq)\(actor): \(summary)\(message)"
    }
    guard changes.isEmpty else { return changes }
    let parts = (data["moved"]?.arrayValue ?? []).compactMap(\.stringValue)
    return parts.isEmpty ? [] : ["What moved: \(parts.joined(separator: ", "))."]
  }
}

enum RefusalHints {
  /// What to do about one refused change of many, whose summary has no report.
  /// - Parameters:
  ///   - by: The rules that block it, or the prerequisites that are not met.
  ///   - key: The cluster.
  static func refused(_ kind: ErrorCode?, by: [String], method: String, _ key: ClusterKey?) -> [String] {
    switch kind {
    case .blocked: return overriding(by).map { [$0] } ?? []
    case .prerequisite:
      guard let verb = method.split(separator: ".").last, let key else { return [] }
      return ["What is to be done first: fairlead plan \(verb) \(key.flags) ..., with the same options."]
    default: return []
    }
  }

  /// How to record a change that `rules` block; `nil` where one of them cannot be overridden.
  static func overriding(_ rules: [String]) -> String? {
    guard !rules.isEmpty, rules.allSatisfy(RuleBook.overridable.contains) else { return nil }
    return "To record it anyway: " + rules.map { "--override \($0)" }.joined(separator: " ") + " -m WHY"
  }

  /// The options that name the cluster of a request; `nil` where it names none.
  fileprivate static func flags(_ params: JSONObject) -> String? {
    guard let group = params["resourceGroup"]?.stringValue, let name = params["name"]?.stringValue else { return nil }
    let subscription = params["subscription"]?.stringValue ?? defaultSubscription
    return ClusterKey(subscription: subscription, resourceGroup: group, name: name).flags
  }
}

extension Report {
  /// The rules that refuse the change, less those that were overridden.
  fileprivate var blockingRules: [String] {
    findings.filter { $0.severity == .blocked && !$0.standing && !overridden.contains($0.rule) }.map(\.rule)
  }
}
