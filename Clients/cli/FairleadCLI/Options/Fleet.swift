// From the options of a change without a name to the flow of a fleet.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

enum Fleet {
  /// `commit: nil` is a plan.
  static func update(
    _ session: Session, _ target: TargetOptions, _ options: DesiredOptions, _ facts: FactOptions,
    _ message: MessageOptions, _ guards: GuardOptions, _ confirm: ConfirmOptions, _ commit: CommitOptions?,
    _ global: GlobalOptions, _ plan: PlanOptions? = nil
  ) throws(Failure) -> CommandStatus {
    let selection = try target.fleet("update", labels: options.label, guards, commit, global)
    let desired = try options.readForFleet(facts, "update")
    desired.notes.forEach(session.console.note)
    var builder = JSONObjectBuilder()
    desired.write(to: &builder)
    return try flow(
      session, "update", selection, target, confirm.added(to: builder.object), message, guards, commit, plan,
      document: desired.document)
  }

  static func rollback(
    _ session: Session, _ target: TargetOptions, _ labels: FleetLabelOption, _ options: RollbackOptions,
    _ message: MessageOptions, _ guards: GuardOptions, _ confirm: ConfirmOptions, _ commit: CommitOptions?,
    _ global: GlobalOptions, _ plan: PlanOptions? = nil
  ) throws(Failure) -> CommandStatus {
    let selection = try target.fleet("roll back", labels: labels.label, guards, commit, global)
    if target.canary != nil, options.toRevision == nil {
      throw .usage(
        "cannot take --canary with a rollback to the previous revision: going on would bring the first ones forward "
          + "again; name --to-revision, or select fewer clusters with another --label")
    }
    var builder = JSONObjectBuilder()
    builder.set("toRevision", ifPresent: options.toRevision)
    builder.set("apiVersion", ifPresent: options.apiVersion)
    return try flow(
      session, "rollback", selection, target, confirm.added(to: builder.object), message, guards, commit, plan)
  }

  /// Of the clusters that the labels select, those that wait.
  static func confirm(
    _ session: Session, _ target: TargetOptions, _ labels: FleetLabelOption, _ message: MessageOptions,
    _ commit: CommitOptions, _ global: GlobalOptions
  ) throws(Failure) -> CommandStatus {
    let selection = try target.fleet("confirm", labels: labels.label, nil, commit, global)
    return try FleetFlow(
      session: session, verb: "confirm", selection: selection, target: target, desired: JSONObject(), overrides: [],
      message: message.message, isConfirmed: commit.yes, isPlan: commit.dryRun, waitsOnly: true
    ).run()
  }

  private static func flow(
    _ session: Session, _ verb: String, _ selection: FleetSelection, _ target: TargetOptions, _ desired: JSONObject,
    _ message: MessageOptions, _ guards: GuardOptions, _ commit: CommitOptions?, _ plan: PlanOptions?,
    document: String? = nil
  ) throws(Failure) -> CommandStatus {
    if let format = plan?.format.format, format != .text {
      throw .usage(
        "cannot take --format \(format.rawValue) without --name: that is the report of one cluster; -o json has all of "
          + "a fleet's")
    }
    return try FleetFlow(
      session: session, verb: verb, selection: selection, target: target, desired: desired,
      overrides: guards.override.map { $0.uppercased() }, message: message.message, isConfirmed: commit?.yes ?? false,
      document: document, isPlan: commit?.dryRun ?? true, detailedExitCode: plan?.detailedExitCode ?? false
    ).run()
  }
}
