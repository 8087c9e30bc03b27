// `fairlead watch`: a cluster, or the whole registry, live.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct WatchCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Show a cluster, and each change of it as it comes.",
    discussion: """
      With --name it shows the cluster first. Without, it shows each change of every cluster, feature, provider and \
      extension, or of the clusters that --resource-group and --label name. It goes on across restarts of the daemon, \
      until it is interrupted or --limit is reached. Ctrl-C ends it as it ends any program: by the signal, which shells \
      show as 130. With -o json each change is one line.

      Examples:
        fairlead watch -g prod -n web
        fairlead watch --label tier=gold --after 1200 -o json
      """)

  @Option(
    name: [.customShort("g"), .long], help: ArgumentHelp("Only clusters of this resource group.", valueName: "name"))
  var resourceGroup: String?

  @Option(name: [.short, .long], help: ArgumentHelp("Only this cluster of the resource group.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Only clusters that have this label after the change. May be repeated.", valueName: "key=value"))
  var label: [String] = []

  @Option(help: ArgumentHelp("Only changes of this kind. May be repeated.", valueName: "kind"))
  var kind: [ResourceKind] = []

  @Option(
    help: ArgumentHelp("Begin with what followed this change, instead of with what is to come.", valueName: "seq"))
  var after: Int?

  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    var key: ClusterKey?
    if let name {
      guard let resourceGroup else {
        throw .usage("cannot watch '\(name)': name its resource group too, with -g")
      }
      key = common.key(resourceGroup: resourceGroup, name: name)
    }
    return try WatchFlow(session: session, key: key, filter: try filter(key), after: after, limit: limit.limit).run()
  }

  private func filter(_ key: ClusterKey?) throws(Failure) -> JSONObject {
    var builder = JSONObjectBuilder()
    // A cluster is in one subscription, but a watch without one is of all subscriptions.
    builder.set("subscription", ifPresent: key?.subscription ?? global.namedSubscription)
    builder.set("resourceGroup", ifPresent: resourceGroup)
    builder.set("name", ifPresent: name)
    let labels = try LabelSyntax.selection(label)
    if !labels.isEmpty { builder.set("labels", .object(labels)) }
    if !kind.isEmpty { builder.set("kinds", .array(kind.map { .string($0.rawValue) })) }
    return builder.object
  }
}
