// `fairlead rollback`: brings an earlier configuration back, as a new revision.

internal import ArgumentParser
internal import ExactJSON

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
      Without --name it is of every cluster that --label selects, with one report; see 'fairlead help update'. Ends the \
      wait of a change that is to be confirmed.

      Examples:
        fairlead rollback -g prod -n web --to-revision 3 -m 'policy gap after the move'
        fairlead rollback --label env=prod --continue
      """)

  @OptionGroup(title: "Cluster, or clusters") var target: TargetOptions
  @OptionGroup(title: "Cluster, or clusters") var labels: FleetLabelOption
  @OptionGroup(title: "Desired state") var desired: RollbackOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard let cluster = try target.cluster("roll back") else {
      return try Fleet.rollback(session, target, labels, desired, message, guards, confirm, commit, global)
    }
    return try ChangeFlow(
      session: session, method: "cluster.rollback",
      params: confirm.added(to: desired.parameters(cluster, guards, message, global)), commit: commit,
      prompt: .whenDisruptive
    ).run()
  }
}
