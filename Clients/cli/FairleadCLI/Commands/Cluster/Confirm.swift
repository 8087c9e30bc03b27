// `fairlead confirm`: keeps a change that would otherwise revert by itself.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ConfirmCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "Keep a change that waits to be confirmed.",
    discussion: """
      Without --name it is of every cluster that --label selects and that waits.

      Examples:
        fairlead update -g prod -n web --kube-proxy-config kube-proxy.json --confirm-within 10m
        fairlead confirm -g prod -n web -m 'latency is as before'
        fairlead confirm --label env=prod
      """)

  @OptionGroup(title: "Cluster, or clusters") var target: TargetOptions
  @OptionGroup(title: "Cluster, or clusters") var labels: FleetLabelOption

  @Option(help: ArgumentHelp("Confirm this change, and no other that may wait by now.", valueName: "seq"))
  var seq: Int?

  @OptionGroup(title: "Change") var message: MessageOptions

  @Option(help: ArgumentHelp("Refuse unless this is the cluster's revision.", valueName: "n"))
  var ifRevision: Int?

  @Option(help: ArgumentHelp("Refuse unless this is the last change of the cluster.", valueName: "seq"))
  var ifSeq: Int?

  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    switch try target.target(to: "confirm", common) {
    case .cluster(let key):
      return try ChangeFlow(session: session, change: change(of: key), execution: commit.execution).run()
    case .fleet(let scope):
      return try FleetFlow(session: session, change: change(of: scope), execution: commit.execution).run()
    }
  }

  private func change(of key: ClusterKey) throws(Failure) -> ProposedChange {
    if !labels.label.isEmpty {
      throw .usage("cannot take --label with --name: --name says which cluster, and confirming sets no label")
    }
    var builder = key.parameters
    builder.set("seq", ifPresent: seq)
    message.write(to: &builder)
    builder.set("ifRevision", ifPresent: ifRevision)
    builder.set("ifSeq", ifPresent: ifSeq)
    return ProposedChange(method: "cluster.confirm", params: builder.object)
  }

  private func change(of scope: FleetScope) throws(Failure) -> FleetChange {
    if let flag = [("--seq", seq), ("--if-revision", ifRevision), ("--if-seq", ifSeq)].first(where: { $0.1 != nil }) {
      throw .usage("cannot take \(flag.0) without --name: it speaks of one cluster")
    }
    let selection = try scope.selection(to: "confirm", labels: labels.label, common, checking: [commit])
    return FleetChange(
      verb: .confirm, selection: selection, scope: scope, desired: JSONObject(), message: message.message)
  }
}
