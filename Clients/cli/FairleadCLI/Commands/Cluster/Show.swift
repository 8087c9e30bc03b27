// `fairlead show`: one cluster, now or as it was.

internal import ArgumentParser

struct ShowCommand: ActionCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a cluster, now or as it was.",
    discussion: """
      Example:
        fairlead show -g prod -n web --at 2026-11-22T21:00:00Z
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  @Option(help: ArgumentHelp("As it was once this revision had been recorded.", valueName: "n"))
  var revision: Int?

  @Option(help: ArgumentHelp("As it was at this time.", valueName: "time"))
  var at: String?

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var action: ShowAction {
    ShowAction(common: common, key: cluster.key(common), revision: revision, at: at)
  }
}
