// `fairlead log`: every change of the registry, in order.

internal import ArgumentParser
internal import FairleadModel

struct LogCommand: ActionCommand {
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
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var action: LogAction {
    LogAction(
      common: common, after: after, follow: follow, resourceGroup: resourceGroup, name: name, kind: kind,
      limit: limit.limit)
  }
}
