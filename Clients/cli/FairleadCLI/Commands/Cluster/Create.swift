// `fairlead create`, `plan create` and `aks create`: records a new cluster.

internal import ArgumentParser
internal import FairleadModel

/// The options of a new cluster, in every form of the command.
struct CreateOptions<Execution: ExecutionOptionGroup>: ParsableArguments {
  @OptionGroup(title: ClusterOptions.title) var cluster: ClusterOptions
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var execution: Execution
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions

  func run(
    in session: Session, _ common: CommonOptions, style: ChangeOutputStyle = .fairlead
  ) throws(Failure) -> CommandStatus {
    let key = cluster.key(common)
    let desired = try desired.read(facts, name: key.name, session.console)
    var builder = key.parameters
    desired.write(to: &builder)
    message.write(to: &builder)
    guards.write(to: &builder)
    let change = ProposedChange(method: "cluster.create", params: builder.object, document: desired.document)
    return try ChangeFlow(session: session, change: change, execution: execution.execution, style: style).run()
  }
}

struct CreateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Record a new cluster, or one that was deleted.",
    discussion: """
      Example:
        fairlead create -g prod -n web --kube-proxy-config kube-proxy.json \\
          --kubernetes-version 1.33.2 --node-count 12 -m 'first record'
        az aks show -g prod -n web | fairlead create -g prod -n web --from -
      """)

  @OptionGroup var options: CreateOptions<CommitOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}

struct PlanCreateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "create", abstract: "Plan a new cluster.")

  @OptionGroup var options: CreateOptions<PlanOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}

struct AksCreateCommand: AksSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Record a new cluster, as 'az aks create' makes one.")

  @OptionGroup var options: CreateOptions<CommitOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions
  @OptionGroup var az: ProvisioningOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try az.check(own: Self.changeFlags, session.console)
    return try options.run(in: session, common, style: .az)
  }
}
