// `fairlead confirm`: keeps a change that would otherwise take itself back.

internal import ArgumentParser
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
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard let cluster = try target.cluster("confirm") else {
      if let flag = [("--seq", seq), ("--if-revision", ifRevision), ("--if-seq", ifSeq)].first(where: { $0.1 != nil }) {
        throw .usage("cannot take \(flag.0) without --name: it speaks of one cluster")
      }
      return try Fleet.confirm(session, target, labels, message, commit, global)
    }
    if !labels.label.isEmpty {
      throw .usage("cannot take --label with --name: --name says which cluster, and confirming sets no label")
    }
    var builder = cluster.parameters(global)
    builder.set("seq", ifPresent: seq)
    message.write(to: &builder)
    builder.set("ifRevision", ifPresent: ifRevision)
    builder.set("ifSeq", ifPresent: ifSeq)
    return try ChangeFlow(session: session, method: "cluster.confirm", params: builder.object, commit: commit).run()
  }
}
