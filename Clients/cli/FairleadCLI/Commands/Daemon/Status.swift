// `fairlead status`: whether the daemon is there and well, why not, and what it is.

internal import ArgumentParser

struct StatusCommand: ActionCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show whether the daemon is there and well.",
    discussion: """
      Says 'ok', 'degraded' (changes are taken, and a person is needed), 'read-only', 'starting' or 'stopping', each with \
      its reasons, the worst first. Ends with 0 for 'ok' only, with 1 for every other status, and with 6 if the daemon \
      cannot be reached or does not answer in time.
      """)

  @Option(help: ArgumentHelp("How long to wait for the daemon.", valueName: "seconds"))
  var timeout = StatusAction.defaultTimeout

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func validate() throws {
    guard StatusAction.timeouts.contains(timeout) else {
      throw ValidationError("--timeout is \(StatusAction.timeouts.lowerBound) to \(StatusAction.timeouts.upperBound).")
    }
  }

  var action: StatusAction { StatusAction(common: common, timeout: timeout) }
}
