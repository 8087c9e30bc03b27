// `fairlead log`: every change of the registry, in order.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct LogCommand: FastPathCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List every change of the registry, in order.",
    discussion: """
      With --follow it goes on and prints each change as it comes, until it is interrupted or --limit is reached. Ctrl-C \
      ends it as it ends any program: by the signal, which shells show as 130.

      Example:
        fairlead log --follow --after 1200 -o json
      """)

  @Option(help: ArgumentHelp("Only changes after this one.", valueName: "seq"))
  var after: Int?

  @Flag(name: [.customShort("f"), .long], help: "Go on: print each change as it comes, across restarts of the daemon.")
  var follow = false

  @Option(
    name: [.customShort("g"), .long],
    help: ArgumentHelp("With --name: only changes of this cluster.", valueName: "name"))
  var resourceGroup: String?

  @Option(
    name: [.short, .long], help: ArgumentHelp("With --resource-group: only changes of this cluster.", valueName: "name")
  )
  var name: String?

  @Option(help: ArgumentHelp("Only changes of this kind.", valueName: "kind"))
  var kind: ResourceKind?

  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  var work: LogAction {
    LogAction(
      common: common, after: after, follow: follow, resourceGroup: resourceGroup, name: name, kind: kind,
      limit: limit.limit)
  }
}

struct LogAction: FastPathAction, Hashable {
  let common: CommonOptions
  let after: Int?
  let follow: Bool
  let resourceGroup: String?
  let name: String?
  let kind: ResourceKind?
  let limit: Int?

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    var builder = JSONObjectBuilder()
    switch (resourceGroup, name) {
    case (let group?, let name?): common.key(resourceGroup: group, name: name).write(to: &builder)
    case (nil, nil):
      guard common.namedSubscription == nil else {
        throw .usage("cannot take --subscription with log: it lists every change of the registry")
      }
    case (_?, nil): throw .usage("cannot list the changes of a resource group: give --name too")
    case (nil, let name?): throw .usage("cannot list the changes of '\(name)': name its resource group too, with -g")
    }
    if follow {
      // A watch takes an absent subscription for all of them, and a cluster is of one.
      if name != nil, common.namedSubscription == nil { builder.set("subscription", defaultSubscription) }
      if let kind { builder.set("kinds", .array([.string(kind.rawValue)])) }
      return try FollowFlow(session: session, filter: builder.object, after: after ?? 0, limit: limit).run()
    }
    builder.set("kind", ifPresent: kind?.rawValue)
    builder.set("after", ifPresent: after)
    return try ListFlow(
      session: session, pages: Pages(method: "change.list", params: builder.object, limit: limit),
      columns: LedgerText.changes, read: ChangeLine.init(_:), empty: "no change is recorded",
      more: { "there is more: go on with --after \($0)" }
    ).run()
  }
}

extension LogAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    after = words.take("--after", as: Int.init)
    follow = false
    resourceGroup = words.take("--resource-group", "-g")
    name = words.take("--name", "-n")
    kind = words.take("--kind", as: ResourceKind.init(rawValue:))
    limit = words.takeLimit()
  }
}
