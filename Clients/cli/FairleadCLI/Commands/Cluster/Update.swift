// `fairlead update`, `plan update` and `aks update`: replaces a configuration, and merges facts and labels.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

/// The options of an update, in every form of the command.
struct UpdateOptions<Target: TargetOptionGroup, Execution: ExecutionOptionGroup>: ParsableArguments {
  @OptionGroup(title: Target.title) var target: Target
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var execution: Execution
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions

  func run(
    in session: Session, _ common: CommonOptions, style: ChangeOutputStyle = .fairlead
  ) throws(Failure) -> CommandStatus {
    switch try target.target(to: "update", common) {
    case .cluster(let key):
      return try ChangeFlow(
        session: session, change: change(of: key, session.console), execution: execution.execution,
        prompt: style == .az ? .never : .whenDisruptive, style: style
      ).run()
    case .fleet(let scope):
      return try FleetFlow(
        session: session, change: change(of: scope, common, session.console), execution: execution.execution
      ).run()
    }
  }

  private func change(of key: ClusterKey, _ console: any Console) throws(Failure) -> ProposedChange {
    let desired = try desired.read(facts, name: key.name, console)
    guard !desired.isEmpty else {
      throw .usage(
        "cannot update \(key.resourceGroup)/\(key.name): nothing to change was given",
        hints: ["Give --kube-proxy-config or --from, a fact such as --node-count, or --label."])
    }
    var builder = key.parameters
    desired.write(to: &builder)
    message.write(to: &builder)
    guards.write(to: &builder)
    return ProposedChange(
      method: "cluster.update", params: confirm.added(to: builder.object), document: desired.document)
  }

  private func change(
    of scope: FleetScope, _ common: CommonOptions, _ console: any Console
  ) throws(Failure) -> FleetChange {
    let selection = try scope.selection(
      to: "update", labels: desired.label, common, checking: [guards, execution])
    let desired = try desired.readForFleet(facts, to: "update", console)
    var builder = JSONObjectBuilder()
    desired.write(to: &builder)
    return FleetChange(
      verb: .update, selection: selection, scope: scope, desired: confirm.added(to: builder.object),
      overrides: guards.overrides, message: message.message, document: desired.document)
  }
}

struct UpdateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Replace the configuration of a cluster, or of many; merge facts and labels.",
    discussion: """
      The configuration replaces the whole document, as 'az aks update' does; '{}' resets it to the defaults. A change \
      that disrupts a running cluster asks first, and needs --yes where there is no terminal.

      --label has two meanings. With --name it sets a label on that cluster. Without --name it selects: the update is \
      of every cluster that has all the labels, as 'fairlead list' shows them. One report has a line for each, and \
      what is recorded is the plan that was shown: all or none, or with --continue what is not refused, or with \
      --canary the least risky first. Labels are not set on many clusters at once.

      Examples:
        fairlead update -g prod -n web --kube-proxy-config kube-proxy.json \\
          -m 'off IPVS before 1.40' --confirm-within 10m
        fairlead update -g prod -n web --node-count 24 --label tier=gold --label old-
        fairlead update --label env=prod --kube-proxy-config kube-proxy.json \\
          --canary 3
      """)

  @OptionGroup var options: UpdateOptions<TargetOptions, CommitOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}

struct PlanUpdateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "update", abstract: "Plan an update.")

  @OptionGroup var options: UpdateOptions<TargetOptions, PlanOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus { try options.run(in: session, common) }
}

struct AksUpdateCommand: AksSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Record a change of a cluster, as 'az aks update' makes one.")

  @OptionGroup var options: UpdateOptions<ClusterOptions, CommitOptions>
  @OptionGroup(title: "Everywhere") var global: GlobalOptions
  @OptionGroup var az: ProvisioningOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try az.check(own: Self.changeFlags, session.console)
    return try options.run(in: session, common, style: .az)
  }
}
