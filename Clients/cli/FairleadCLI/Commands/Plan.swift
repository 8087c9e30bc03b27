// `fairlead plan`: the report of a change that is not made.

internal import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a change would do; record nothing.",
    discussion: """
      Takes the options of the change itself. With --detailed-exitcode it ends with 0 for no change, 2 for changes, \
      and 4 for what would be refused.

      Examples:
        fairlead plan update -g prod -n web --kube-proxy-config kube-proxy.json
        fairlead plan update --label env=prod --kube-proxy-config kube-proxy.json
      """,
    subcommands: [
      PlanCreateCommand.self, PlanUpdateCommand.self, PlanRollbackCommand.self, PlanDeleteCommand.self,
    ],
    aliases: ["what-if"])
}

struct PlanOptions: ParsableArguments {
  @Flag(
    name: .customLong("detailed-exitcode"), help: "End with 0 for no change, 2 for changes, 4 for what is refused.")
  var detailedExitCode = false

  @OptionGroup var format: ReportFormatOptions
}

struct PlanCreateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "create", abstract: "Plan a new cluster.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var plan: PlanOptions
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let desired = try desired.read(facts, name: cluster.name)
    desired.notes.forEach(session.console.note)
    return try PlanFlow(
      session: session, method: "cluster.create",
      params: ClusterChange.patch(cluster, desired, guards, message, global), document: desired.document,
      detailedExitCode: plan.detailedExitCode, format: plan.format.format
    ).run()
  }
}

struct PlanUpdateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "update", abstract: "Plan an update.")

  @OptionGroup(title: "Cluster, or clusters") var target: TargetOptions
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var plan: PlanOptions
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard let cluster = try target.cluster("update") else {
      return try Fleet.update(session, target, desired, facts, message, guards, confirm, nil, global, plan)
    }
    let desired = try desired.read(facts, name: cluster.name)
    desired.notes.forEach(session.console.note)
    try ClusterChange.requireSomething(desired, cluster)
    return try PlanFlow(
      session: session, method: "cluster.update",
      params: confirm.added(to: ClusterChange.patch(cluster, desired, guards, message, global)),
      document: desired.document, detailedExitCode: plan.detailedExitCode,
      format: plan.format.format
    ).run()
  }
}

struct PlanRollbackCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "rollback", abstract: "Plan a rollback.")

  @OptionGroup(title: "Cluster, or clusters") var target: TargetOptions
  @OptionGroup(title: "Cluster, or clusters") var labels: FleetLabelOption
  @OptionGroup(title: "Desired state") var desired: RollbackOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var plan: PlanOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard let cluster = try target.cluster("roll back") else {
      return try Fleet.rollback(session, target, labels, desired, message, guards, confirm, nil, global, plan)
    }
    return try PlanFlow(
      session: session, method: "cluster.rollback",
      params: confirm.added(to: desired.parameters(cluster, guards, message, global)),
      detailedExitCode: plan.detailedExitCode,
      format: plan.format.format
    ).run()
  }
}

struct PlanDeleteCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "delete", abstract: "Plan a deletion.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var plan: PlanOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try PlanFlow(
      session: session, method: "cluster.delete",
      params: ClusterChange.delete(cluster, guards, message, global), detailedExitCode: plan.detailedExitCode,
      format: plan.format.format
    ).run()
  }
}
