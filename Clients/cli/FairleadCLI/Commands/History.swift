// `fairlead history`: the revisions of a cluster, newest first.

internal import ArgumentParser
internal import FairleadModel

struct HistoryCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List a cluster's revisions, newest first.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ListFlow(
      session: session,
      pages: Pages(method: "cluster.history", params: cluster.parameters(global).object, limit: limit.limit),
      columns: LedgerText.revisions, read: Revision.init(_:), empty: "no revision is recorded"
    ).run()
  }
}
