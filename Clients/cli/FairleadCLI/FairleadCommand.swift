// What every command has in common, and the one way in and out of the program.

internal import ArgumentParser
internal import FairleadModel

/// A command that does its work in a session, which a test may hand to it.
protocol FairleadCommand: ParsableCommand, CommandAction {
  var global: GlobalOptions { get }
}

extension FairleadCommand {
  var common: CommonOptions { global.common }
}

/// The program.
package enum CommandLineProgram {
  /// Runs `arguments`, which leave out the program's name, and answers the exit code.
  package static func run(_ arguments: [String]) -> Int32 {
    let environment = Environment.process
    let console = ProcessConsole(environment: environment)
    var status: CommandStatus
    do {
      guard let work = try work(arguments) else { return CommandStatus.usage.rawValue }
      status = execute(work, environment: environment, console: console)
    } catch {
      // Help, the version and usage errors: the parser's own texts, to its own streams.
      let code = Fairlead.exitCode(for: error).rawValue
      let message = Fairlead.fullMessage(for: error)
      if code == 0 {
        console.out(message + "\n")
      } else {
        let guess = Suggestion.subcommand(for: arguments).map { "Did you mean '\($0)'?\n" } ?? ""
        console.err(message + "\n" + guess)
      }
      return code
    }
    if let failure = console.outFailure {
      console.note("cannot write to standard output: \(failure)")
      if status == .done { status = .failed }
    }
    return status.rawValue
  }

  /// What `arguments` ask for.
  static func work(_ arguments: [String]) throws -> (any CommandAction)? {
    if let work = FastPathArguments.work(arguments) { return work }
    return try command(arguments)
  }

  /// The command that `arguments` name, read by the parser. A group without a command throws the request for its help.
  static func command(_ arguments: [String]) throws -> (any FairleadCommand)? {
    var command = try Fairlead.parseAsRoot(arguments)
    if let command = command as? any FairleadCommand { return command }
    try command.run()
    return nil
  }

  /// Runs what is asked for to its end, with its failure told on stderr.
  static func execute(
    _ work: any CommandAction, environment: Environment, console: any Console,
    transport: (any Transport)? = nil
  ) -> CommandStatus {
    do throws(Failure) {
      let session = try Session(
        work.common, defaultOutput: type(of: work).defaultOutput, environment: environment, console: console,
        transport: transport)
      return try work.execute(in: session)
    } catch {
      console.err(error.text(console.errLayout))
      return error.status
    }
  }
}
