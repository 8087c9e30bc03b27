// A change of many clusters: select, plan all, show one report, ask, record what was shown.

internal import ExactJSON
internal import FairleadModel
internal import FairleadWire

struct FleetFlow {
  let session: Session
  let change: FleetChange
  let execution: ChangeExecution

  var console: any Console { session.console }
  private var action: String { change.verb.action }

  func run() throws(Failure) -> CommandStatus {
    switch execution {
    case .plan(let output):
      try checkFormat(output)
      return try show(plan(select()), detailedExitCode: output.detailedExitCode)
    case .record(let recording): return try record(isConfirmed: recording.isConfirmed)
    }
  }

  private func checkFormat(_ output: PlanOutput) throws(Failure) {
    guard let format = output.format, format != .text else { return }
    throw .usage(
      "cannot take --format \(format.rawValue) without --name: that is the report of one cluster; -o json has all of "
        + "a fleet's")
  }

  private func record(isConfirmed: Bool) throws(Failure) -> CommandStatus {
    let scope = change.scope
    let fleet = try select()
    let plan = try plan(fleet)
    let chosen = scope.canary.map { Array(plan.leastRiskyFirst.prefix($0)) } ?? plan.ready
    let isLast = chosen.count == plan.ready.count
    if isLast, !scope.continuesOnRefusal, !plan.refused.isEmpty { throw refusal(plan) }
    guard !chosen.isEmpty else { return try reportIdle(plan) }
    let verdict = chosen.compactMap(\.verdict).max() ?? .none
    var wasShown = false
    if verdict >= .high, !isConfirmed {
      wasShown = showPlan(plan)
      let what = chosen.count == 1 ? "this change" : "these \(chosen.count) changes"
      guard try ConfirmationPrompt.ask(console, verdict, (scope.canary == nil ? "" : "the first of them: ") + what)
      else {
        console.err("Nothing was recorded.\n")
        return .failed
      }
    }
    let answer = try record(chosen, of: fleet)
    try report(plan, answer, chosen, wasShown: wasShown)
    return answer.refused.isEmpty && (scope.canary != nil || plan.refused.isEmpty) ? .done : .refused
  }

  // MARK: Selecting and planning

  /// A cluster of the fleet, and the rules to override for it.
  private struct Member {
    let key: ClusterKey
    var overrides: [String] = []
  }

  private func select() throws(Failure) -> [Member] {
    let selection = change.selection
    let waitsOnly = change.verb == .confirm
    var fleet: [Member] = []
    var isEmpty = true
    _ = try Pages(method: "cluster.list", params: selection.parameters, limit: nil).forEach(session.transport) {
      (items) throws(Failure) in
      isEmpty = isEmpty && items.isEmpty
      for item in items where !waitsOnly || item["pendingConfirm"] != nil {
        fleet.append(Member(key: try DaemonReply.read(item) { (r) throws(Refusal) in try ClusterKey(r) }))
      }
      return fleet.count <= Limits.applyChanges
    }
    guard !fleet.isEmpty else {
      let hint =
        isEmpty
        ? "There is nothing to select: \(try explanation())" : "'fairlead list' shows the clusters with their labels."
      throw Failure(
        .notFound,
        waitsOnly
          ? "cannot confirm: no cluster with \(selection.text) waits to be confirmed"
          : "cannot \(action): no cluster is selected by \(selection.text)",
        hints: [hint])
    }
    guard fleet.count <= Limits.applyChanges else {
      throw .usage(
        "cannot \(action) more than \(Limits.applyChanges) clusters at once: narrow the selection with another --label "
          + "or with -g")
    }
    return fleet
  }

  private func explanation() throws(Failure) -> String {
    let selection = change.selection
    return try EmptySelection(
      session, subscription: selection.subscription, resourceGroup: selection.resourceGroup, labels: selection.labels
    ).explanation()
  }

  /// Plans all. Where rules are to be overridden it plans again, with each override where its rule blocks.
  private func plan(_ fleet: [Member]) throws(Failure) -> FleetAnswer {
    let overrides = change.overrides
    let plan = try apply(fleet.map { change(of: $0, digest: nil) }, dryRun: true)
    guard !overrides.isEmpty else { return plan }
    guard let message = change.message, message.hasVisibleCharacter else {
      throw .usage("cannot override \(overrides.joined(separator: ", ")) without a message that says why: give -m")
    }
    let blocking = Set(plan.rows.filter { $0.obstacle?.kind == .blocked }.flatMap { $0.obstacle?.by ?? [] })
    if let idle = overrides.first(where: { !blocking.contains($0) }) {
      throw .usage(
        "cannot override \(idle): it blocks none of the \(fleet.count) clusters; leave the override out")
    }
    return try apply(overriding(fleet, plan).map { change(of: $0, digest: nil) }, dryRun: true)
  }

  /// The fleet with each override where its rule blocks: elsewhere it would be an error.
  private func overriding(_ fleet: [Member], _ plan: FleetAnswer) -> [Member] {
    var fleet = fleet
    for row in plan.rows where row.obstacle?.kind == .blocked && fleet.indices.contains(row.index) {
      fleet[row.index].overrides = change.overrides.filter { row.obstacle?.by.contains($0) == true }
    }
    return fleet
  }

  private func change(of member: Member, digest: String?) -> JSON {
    var builder = JSONObjectBuilder()
    member.key.write(to: &builder)
    for item in change.desired.members { builder.set(item.key, item.value) }
    if !member.overrides.isEmpty { builder.set("override", .array(member.overrides.map { .string($0) })) }
    builder.set("planDigest", ifPresent: digest)
    return ["method": .string(change.verb.method), "params": builder.json]
  }

  private func apply(_ changes: [JSON], dryRun: Bool) throws(Failure) -> FleetAnswer {
    var builder = JSONObjectBuilder()
    builder.set("changes", .array(changes))
    builder.set("detail", "summary")
    builder.set("message", ifPresent: change.message)
    if dryRun { builder.set("dryRun", true) } else { builder.set("atomic", !change.scope.continuesOnRefusal) }
    do throws(Failure) {
      return try FleetAnswer(session.call("cluster.apply", builder.object))
    } catch {
      throw named(error)
    }
  }

  /// A failure of the whole, with the clusters that it is about and the document that was refused.
  private func named(_ failure: Failure) -> Failure {
    var failure = failure
    if let document = change.document, let path = failure.cause?.invalidPath, path.contains("].params.config") {
      failure.message += " (in \(document))"
    }
    let refused = (failure.cause?.raw["data"]?["results"]?.arrayValue ?? []).dropFirst()
    failure.hints += refused.prefix(10).compactMap { $0["message"]?.stringValue }.map { "also: \($0)" }
    // Its report is of one cluster, and the report of the fleet was shown already.
    failure.cause = nil
    return failure
  }

  /// The failure for an atomic change of which some are refused, in the words of the daemon.
  private func refusal(_ plan: FleetAnswer) -> Failure {
    console.err(FleetText(change.verb.rawValue, change.selection.text, console.errLayout).report(plan) + "\n")
    let first = plan.worstFirst[0]
    let count = plan.refused.count
    let them = count == 1 ? "1 of them is refused," : "\(count) of them are refused, first"
    // A rule or a gate that refuses any of them decides the exit code; otherwise the first obstacle does.
    let isRefused = plan.refused.contains { $0.obstacle?.kind == .blocked || $0.obstacle?.kind == .prerequisite }
    return Failure(
      isRefused ? .refused : CommandStatus(first.obstacle?.kind),
      "cannot \(action) \(EstimateText.count(plan.rows.count, "cluster")): \(them) \(first.subject): "
        + (first.obstacle?.message ?? ""),
      hints: ["Nothing was recorded. With --continue the others are recorded without \(count == 1 ? "it" : "them")."]
        + (first.obstacle?.hints ?? []))
  }

  // MARK: Recording

  private func record(_ chosen: [FleetRow], of fleet: [Member]) throws(Failure) -> FleetAnswer {
    try apply(
      chosen.map { change(of: Member(key: fleet[$0.index].key, overrides: $0.overridden), digest: $0.planDigest) },
      dryRun: false)
  }
}
