// `fairlead rollback` and `plan rollback`: brings an earlier configuration back, as a new revision.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

/// Which revision is brought back.
struct RevisionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The revision to bring back; the previous one by default.", valueName: "n"))
  var toRevision: Int?

  @Option(
    name: .customLong("api-version"),
    help: ArgumentHelp("The REST API version that carries the change.", valueName: "date"))
  var apiVersion: String?

  func write(to builder: inout JSONObjectBuilder) {
    builder.set("toRevision", ifPresent: toRevision)
    builder.set("apiVersion", ifPresent: apiVersion)
  }
}

/// The options of a rollback, in every form of the command.
struct RollbackOptions<Execution: ExecutionOptionGroup>: ParsableArguments {
  @OptionGroup(title: TargetOptions.title) var target: TargetOptions
  @OptionGroup(title: TargetOptions.title) var labels: FleetLabelOption
  @OptionGroup(title: "Desired state") var revision: RevisionOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var execution: Execution

  func run(in session: Session, _ common: CommonOptions) throws(Failure) -> CommandStatus {
    switch try target.target(to: "roll back", common) {
    case .cluster(let key):
      return try ChangeFlow(
        session: session, change: change(of: key), execution: execution.execution, prompt: .whenDisruptive
      ).run()
    case .fleet(let scope):
      return try FleetFlow(session: session, change: change(of: scope, common), execution: execution.execution).run()
    }
  }

  private func change(of key: ClusterKey) -> ProposedChange {
    var builder = key.parameters
    revision.write(to: &builder)
    message.write(to: &builder)
    guards.write(to: &builder)
    return ProposedChange(method: "cluster.rollback", params: confirm.added(to: builder.object))
  }

  private func change(of scope: FleetScope, _ common: CommonOptions) throws(Failure) -> FleetChange {
    let selection = try scope.selection(
      to: "roll back", labels: labels.label, common, checking: [guards, execution])
    if scope.canary != nil, revision.toRevision == nil {
      throw .usage(
        "cannot take --canary with a rollback to the previous revision: going on would bring the first ones forward "
          + "again; name --to-revision, or select fewer clusters with another --label")
    }
    var builder = JSONObjectBuilder()
    revision.write(to: &builder)
    return FleetChange(
      verb: .rollback, selection: selection, scope: scope, desired: confirm.added(to: builder.object),
      overrides: guards.overrides, message: message.message)
  }
}

struct RollbackCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Bring an earlier revision's configuration back, as a new revision.",
    discussion: """
      Without --name it is of every cluster that --label selects, with one report; see 'fairlead help update'. Ends the \
      wait of a change that is to be confirmed.

      Examples:
        fairlead rollback -g prod -n web --to-revision 3 -m 'policy gap after the move'
        fairlead rollback --label env=prod --continue
      """)

  @OptionGroup var options: RollbackOptions<CommitOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}

struct PlanRollbackCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "rollback", abstract: "Plan a rollback.")

  @OptionGroup var options: RollbackOptions<PlanOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}
