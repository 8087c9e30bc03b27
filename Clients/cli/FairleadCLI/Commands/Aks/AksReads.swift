// `fairlead aks show` and `list`: clusters in az's shape.

internal import ArgumentParser
internal import FairleadFormats
internal import ExactJSON
internal import FairleadModel

struct AksShowCommand: AksSubcommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a cluster in az's shape.")

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("cluster.get", cluster.key(common).parameters.object)
    try session.show(AksText.document(try DaemonReply.read(json, Cluster.init(_:))))
    return .done
  }
}

struct AksListCommand: AksSubcommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List clusters in az's shape.")

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let flow = ListFlow(
      session: session,
      pages: Pages(method: "cluster.list", params: try selection.filter(common).parameters(), limit: limit.limit),
      columns: AksText.columns, read: Cluster.init(_:), empty: "no cluster is recorded here",
      whyEmpty: { () throws(Failure) in try selection.filter(common).explanation(in: session) },
      json: { (item) throws(Failure) in AzureShape.cluster(try DaemonReply.read(item, Cluster.init(_:))) })
    switch session.output {
    case .json, .yaml:
      // az prints a bare array.
      let (items, _) = try flow.all()
      try session.show(
        Document(json: .array(items), table: { form in Table([], AksText.columns, for: form) }, text: { _ in "" }))
      return .done
    case .text, .table, .tsv, .none: return try flow.run()
    }
  }
}
