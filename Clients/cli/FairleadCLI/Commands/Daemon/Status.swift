// `fairlead status`: whether the daemon is there and well, and what it is.

internal import ArgumentParser

struct StatusCommand: ActionCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show whether the daemon is there and well.")

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var action: StatusAction { StatusAction(common: common) }
}
