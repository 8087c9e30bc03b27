// `fairlead delete`, `plan delete` and `aks delete`: ends a cluster; its history stays.

internal import ArgumentParser
internal import FairleadModel

/// The options of a deletion, in every form of the command.
struct DeleteOptions<Execution: ExecutionOptionGroup>: ParsableArguments {
  @OptionGroup(title: ClusterOptions.title) var cluster: ClusterOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var execution: Execution

  func run(
    in session: Session, _ common: CommonOptions, style: ChangeOutputStyle = .fairlead
  ) throws(Failure) -> CommandStatus {
    var builder = cluster.key(common).parameters
    message.write(to: &builder)
    guards.write(to: &builder)
    return try ChangeFlow(
      session: session, change: ProposedChange(method: "cluster.delete", params: builder.object),
      execution: execution.execution, prompt: .always, style: style
    ).run()
  }
}

struct DeleteCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "End a cluster in the ledger; its history stays.")

  @OptionGroup var options: DeleteOptions<CommitOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}

struct PlanDeleteCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "delete", abstract: "Plan a deletion.")

  @OptionGroup var options: DeleteOptions<PlanOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}

struct AksDeleteCommand: AksSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "End a cluster in the ledger; asks first, as az does.")

  @OptionGroup var options: DeleteOptions<CommitOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions
  @OptionGroup var az: ProvisioningOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try az.check(own: Self.changeFlags, session.console)
    return try options.run(in: session, common, style: .az)
  }
}
