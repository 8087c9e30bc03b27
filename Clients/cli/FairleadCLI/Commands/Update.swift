// `fairlead update`: replaces a cluster's configuration, and merges facts and labels.

internal import ArgumentParser

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

  @OptionGroup(title: "Cluster, or clusters") var target: TargetOptions
  @OptionGroup(title: "Desired state") var desired: DesiredOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var guards: GuardOptions
  @OptionGroup(title: "Change") var confirm: ConfirmOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "Facts ('unknown' clears one)") var facts: FactOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard let cluster = try target.cluster("update") else {
      return try Fleet.update(session, target, desired, facts, message, guards, confirm, commit, global)
    }
    let desired = try desired.read(facts, name: cluster.name)
    desired.notes.forEach(session.console.note)
    try ClusterChange.requireSomething(desired, cluster)
    return try ChangeFlow(
      session: session, method: "cluster.update",
      params: confirm.added(to: ClusterChange.patch(cluster, desired, guards, message, global)), commit: commit,
      prompt: .whenDisruptive, document: desired.document
    ).run()
  }
}
