// `fairlead delete`: ends a cluster; its history stays.

internal import ArgumentParser

struct DeleteCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "End a cluster in the ledger; its history stays.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ChangeFlow(
      session: session, method: "cluster.delete", params: ClusterChange.delete(cluster, guards, message, global),
      commit: commit, prompt: .always
    ).run()
  }
}
