// `fairlead list`: the clusters that exist.

internal import ArgumentParser

struct ListCommand: ActionCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the clusters that exist.",
    discussion: """
      Example:
        fairlead list -g prod --label tier=gold
      """)

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var action: ListAction {
    ListAction(common: common, filter: selection.filter(common), limit: limit.limit)
  }
}
