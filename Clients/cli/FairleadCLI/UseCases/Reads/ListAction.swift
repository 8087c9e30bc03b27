// Lists the clusters that exist.

internal import ExactJSON
internal import FairleadModel

struct ListAction: CommandAction, Hashable {
  let common: CommonOptions
  let filter: ClusterFilter
  let limit: Int?

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ListFlow(
      session: session,
      pages: Pages(method: "cluster.list", params: filter.parameters(), limit: limit),
      columns: ClusterText.columns, read: Cluster.init(_:), empty: "no cluster is recorded here",
      whyEmpty: { () throws(Failure) in try filter.explanation(in: session) }
    ).run()
  }
}
