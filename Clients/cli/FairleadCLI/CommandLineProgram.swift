// The program from its arguments to its exit code: read the command line, run the action, report a failure.

internal import ArgumentParser
internal import FairleadModel

/// The program.
package enum CommandLineProgram {
  /// Runs `arguments`, which leave out the program's name, and returns the exit code.
  package static func run(_ arguments: [String]) -> Int32 {
    let environment = Environment.process
    let console = ProcessConsole(environment: environment)
    var status: CommandStatus
    do {
      guard let action = try action(for: arguments) else { return CommandStatus.usage.rawValue }
      status = execute(action, environment: environment, console: console)
    } catch {
      // Help, the version and usage errors: the parser's own texts, to the streams that it chooses.
      let code = Fairlead.exitCode(for: error).rawValue
      if let failure = CommandLineMistake.failure(of: arguments, showsHelp: code == 0, in: Fairlead.self) {
        console.err(FailureText.render(failure, console.errLayout))
        return failure.status.rawValue
      }
      let message = Fairlead.fullMessage(for: error)
      if code == 0 {
        console.out(message + "\n")
      } else {
        // It repeats words of the command line.
        console.err(sanitizedLines(message) + "\n")
      }
      return code
    }
    if let failure = console.outFailure {
      console.note("cannot write to standard output: \(failure)")
      if status == .done { status = .failed }
    }
    return status.rawValue
  }

  /// The action that `arguments` ask for: by the fast path where it understands them, and otherwise by the parser.
  static func action(for arguments: [String]) throws -> (any CommandAction)? {
    if let action = FastPath.action(for: arguments) { return action }
    return try command(for: arguments)
  }

  /// The command that `arguments` name, read by the parser. A group without a subcommand throws the request for its
  /// help.
  static func command(for arguments: [String]) throws -> (any FairleadCommand)? {
    var command = try Fairlead.parseAsRoot(joiningNegativeNumbers(arguments))
    if let command = command as? any FairleadCommand { return command }
    try command.run()
    return nil
  }

  /// Runs an action to its end. A failure is written to stderr.
  static func execute(
    _ action: any CommandAction, environment: Environment, console: any Console,
    transport: (any Transport)? = nil
  ) -> CommandStatus {
    do throws(Failure) {
      let session = try Session(
        action.common, defaultOutput: type(of: action).defaultOutput, environment: environment, console: console,
        transport: transport)
      return try action.execute(in: session)
    } catch {
      console.err(FailureText.render(error, console.errLayout))
      return error.status
    }
  }
}
