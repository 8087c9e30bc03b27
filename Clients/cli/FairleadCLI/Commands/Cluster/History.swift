// `fairlead history`: the revisions of a cluster, newest first.

internal import ArgumentParser

extension HistoryAction.Format: ExpressibleByArgument {}

struct HistoryCommand: ActionCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List a cluster's revisions, newest first.",
    discussion: """
      Example:
        fairlead history -g prod -n web --format html > history.html
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup var limit: LimitOptions

  @Option(help: "How to write it: html draws the revisions over time. --output decides where this is left out.")
  var format: HistoryAction.Format?

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var action: HistoryAction {
    HistoryAction(common: common, key: cluster.key(common), limit: limit.limit, format: format)
  }
}
