// `fairlead list`: the clusters that exist.

internal import ArgumentParser
internal import FairleadJSON
internal import FairleadModel

/// How much of a list is wanted.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop after this many.", valueName: "n"))
  var limit: Int?

  init() {}

  init(_ words: inout PlainWords) {
    limit = words.take("--limit") { word in Int(word).flatMap { $0 < 1 ? nil : $0 } }
  }

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is 1 or more.") }
  }
}

struct ListCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the clusters that exist.",
    discussion: """
      Example:
        fairlead list -g prod --label tier=gold
      """)

  @OptionGroup var selection: ClusterSelection
  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ListFlow(
      session: session,
      pages: Pages(method: "cluster.list", params: selection.parameters(global), limit: limit.limit),
      columns: ClusterText.columns, read: Cluster.init(_:), empty: "no cluster is recorded here"
    ).run()
  }
}

extension ListCommand: PlainCommand {
  init?(_ words: inout PlainWords) {
    self.init()
    selection = ClusterSelection(&words)
    limit = LimitOptions(&words)
    global = GlobalOptions(&words)
  }
}

/// Which clusters a list has.
struct ClusterSelection: ParsableArguments {
  @Option(name: [.customShort("g"), .long], help: ArgumentHelp("Only this resource group.", valueName: "name"))
  var resourceGroup: String?

  @Option(help: ArgumentHelp("Only clusters with this label. May be repeated.", valueName: "key=value"))
  var label: [String] = []

  init() {}

  init(_ words: inout PlainWords) {
    resourceGroup = words.take("--resource-group", "-g")
    label = words.take("--label").map { [$0] } ?? []
  }

  func parameters(_ global: GlobalOptions) throws(Failure) -> JSONObject {
    var builder = ObjectBuilder()
    builder.set("subscription", ifPresent: global.namedSubscription)
    builder.set("resourceGroup", ifPresent: resourceGroup)
    let labels = try LabelOption.selection(label)
    if !labels.isEmpty { builder.set("labels", .object(labels)) }
    return builder.object
  }
}
