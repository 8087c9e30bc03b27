// What every command has in common.

internal import ArgumentParser

/// A command that is read by the parser.
protocol FairleadCommand: ParsableCommand, CommandAction {
  var global: GlobalOptions { get }
}

extension FairleadCommand {
  var common: CommonOptions { global.common }
}

/// A command that only builds an action, so that another reading of the command line can build the same.
protocol ActionCommand: FairleadCommand {
  associatedtype Action: CommandAction
  var action: Action { get }
}

extension ActionCommand {
  func execute(in session: Session) throws(Failure) -> CommandStatus { try action.execute(in: session) }
}
