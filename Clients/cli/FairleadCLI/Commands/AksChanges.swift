// `fairlead aks create`, `update` and `delete`: recorded as the plain commands do, told as az does.

internal import ArgumentParser
internal import FairleadModel

struct AksCreateCommand: AksSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Record a new cluster, as 'az aks create' makes one.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions
  @OptionGroup var az: ProvisioningOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try az.check(own: AksCommand.flags, session.console)
    let desired = try desired.read(facts, name: cluster.name)
    desired.notes.forEach(session.console.note)
    return try ChangeFlow(
      session: session, method: "cluster.create",
      params: ClusterChange.patch(cluster, desired, guards, message, global), commit: commit, outputStyle: .az,
      document: desired.document, azDocument: AksText.document
    ).run()
  }
}

struct AksUpdateCommand: AksSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Record a change of a cluster, as 'az aks update' makes one.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions
  @OptionGroup var az: ProvisioningOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try az.check(own: AksCommand.flags, session.console)
    let desired = try desired.read(facts, name: cluster.name)
    desired.notes.forEach(session.console.note)
    try ClusterChange.requireSomething(desired, cluster)
    return try ChangeFlow(
      session: session, method: "cluster.update",
      params: confirm.added(to: ClusterChange.patch(cluster, desired, guards, message, global)), commit: commit,
      outputStyle: .az,
      document: desired.document, azDocument: AksText.document
    ).run()
  }
}

struct AksDeleteCommand: AksSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "End a cluster in the ledger; asks first, as az does.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions
  @OptionGroup var az: ProvisioningOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try az.check(own: AksCommand.flags, session.console)
    return try ChangeFlow(
      session: session, method: "cluster.delete", params: ClusterChange.delete(cluster, guards, message, global),
      commit: commit, prompt: .always, outputStyle: .az
    ).run()
  }
}
