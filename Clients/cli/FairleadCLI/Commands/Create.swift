// `fairlead create`: records a new cluster.

internal import ArgumentParser

struct CreateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Record a new cluster, or one that was deleted.",
    discussion: """
      Example:
        fairlead create -g prod -n web --kube-proxy-config kube-proxy.json \\
          --kubernetes-version 1.33.2 --node-count 12 -m 'first record'
        az aks show -g prod -n web | fairlead create -g prod -n web --from -
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let desired = try desired.read(facts, name: cluster.name)
    desired.notes.forEach(session.console.note)
    return try ChangeFlow(
      session: session, method: "cluster.create",
      params: ClusterChange.patch(cluster, desired, guards, message, global), commit: commit,
      document: desired.document
    ).run()
  }
}
