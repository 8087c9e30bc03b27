// `fairlead report`: the impact report of a change, as it was given.

internal import ArgumentParser

struct ReportCommand: ActionCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show the impact report of a change.",
    discussion: """
      Example:
        fairlead report 42 --format markdown > impact.md
        fairlead report 42 --format html > impact.html
      """)

  @Argument(help: "The change's number, as 'fairlead log' shows it.") var seq: Int

  @OptionGroup var format: ReportFormatOptions

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var action: ReportAction { ReportAction(common: common, seq: seq, format: format.format) }
}
