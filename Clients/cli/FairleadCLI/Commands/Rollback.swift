// `fairlead rollback`: brings an earlier configuration back, as a new revision.

internal import ArgumentParser
internal import FairleadJSON

struct RollbackOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The revision to bring back; the previous one by default.", valueName: "n"))
  var toRevision: Int?

  @Option(
    name: .customLong("api-version"),
    help: ArgumentHelp("The REST API version that carries the change.", valueName: "date"))
  var apiVersion: String?

  func parameters(
    _ cluster: ClusterOptions, _ guards: GuardOptions, _ message: MessageOptions, _ global: GlobalOptions
  ) -> JSONObject {
    ClusterChange.rollback(
      cluster, toRevision: toRevision, apiVersion: apiVersion, guards, message, global)
  }
}

struct RollbackCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Bring an earlier revision's configuration back, as a new revision.",
    discussion: """
      Ends the wait of a change that is to be confirmed.

      Example:
        fairlead rollback -g prod -n web --to-revision 3 -m 'policy gap after the move'
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Desired state") var target: RollbackOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ChangeFlow(
      session: session, method: "cluster.rollback",
      params: confirm.added(to: target.parameters(cluster, guards, message, global)), commit: commit,
      asking: .whenDisruptive
    ).run()
  }
}
