// `fairlead list`: the clusters that exist.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

/// How much of a list is wanted.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop after this many.", valueName: "n"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is 1 or more.") }
  }
}

struct ListCommand: FastPathCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the clusters that exist.",
    discussion: """
      Example:
        fairlead list -g prod --label tier=gold
      """)

  @OptionGroup var selection: ClusterSelection
  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  var work: ListAction {
    ListAction(
      common: common, resourceGroup: selection.resourceGroup, labels: selection.label, limit: limit.limit)
  }
}

struct ListAction: FastPathAction, Hashable {
  let common: CommonOptions
  let resourceGroup: String?
  let labels: [String]
  let limit: Int?

  var selection: ClusterChoice {
    ClusterChoice(subscription: common.namedSubscription, resourceGroup: resourceGroup, labels: labels)
  }

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ListFlow(
      session: session,
      pages: Pages(method: "cluster.list", params: selection.parameters(), limit: limit),
      columns: ClusterText.columns, read: Cluster.init(_:), empty: "no cluster is recorded here"
    ).run()
  }
}

extension ListAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    resourceGroup = words.take("--resource-group", "-g")
    labels = words.take("--label").map { [$0] } ?? []
    limit = words.takeLimit()
  }
}

/// Which clusters a list has.
struct ClusterSelection: ParsableArguments {
  @Option(name: [.customShort("g"), .long], help: ArgumentHelp("Only this resource group.", valueName: "name"))
  var resourceGroup: String?

  @Option(help: ArgumentHelp("Only clusters with this label. May be repeated.", valueName: "key=value"))
  var label: [String] = []

  func parameters(_ global: GlobalOptions) throws(Failure) -> JSONObject {
    try ClusterChoice(subscription: global.namedSubscription, resourceGroup: resourceGroup, labels: label).parameters()
  }
}

/// The same as plain values.
struct ClusterChoice: Sendable, Hashable {
  let subscription: String?
  let resourceGroup: String?
  /// As they were written: `key=value` each.
  let labels: [String]

  func parameters() throws(Failure) -> JSONObject {
    var builder = JSONObjectBuilder()
    builder.set("subscription", ifPresent: subscription)
    builder.set("resourceGroup", ifPresent: resourceGroup)
    let labels = try LabelOption.selection(self.labels)
    if !labels.isEmpty { builder.set("labels", .object(labels)) }
    return builder.object
  }
}
