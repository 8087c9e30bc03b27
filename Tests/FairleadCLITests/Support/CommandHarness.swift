// Runs a command line in the test's process, with a recording console and a function in place of the daemon.

@testable internal import FairleadCLI
internal import ExactJSON
internal import Testing

/// The result of a run of the command.
struct Outcome {
  let status: CommandStatus
  let out: String
  let err: String
  /// Both streams as a terminal shows them.
  let screen: String
  let requests: [String]
  /// How long it waited each time, in milliseconds.
  let pauses: [Int]
}

/// Runs a command line against `answer`. `typed: nil` is no terminal; otherwise the lines that a person types.
func fairlead(
  _ words: [String], typed: [String]? = nil, outIsTerminal: Bool? = nil, environment: [String: String] = [:],
  pauses: Int = 0, log: ScriptedLog? = nil, answer: @escaping ScriptedDaemon = { _, _ in .success([:]) }
) throws -> Outcome {
  let console = RecordingConsole(typed: typed, outIsTerminal: outIsTerminal)
  console.pauses = pauses
  let transport = ScriptedTransport(answer, log: log)
  let action = try #require(try CommandLineProgram.action(for: words))
  let status = CommandLineProgram.execute(
    action, environment: Environment(environment), console: console, transport: transport)
  return Outcome(
    status: status, out: console.written, err: console.errors, screen: console.screen, requests: transport.requests,
    pauses: console.waits)
}

/// The same for words that are written one by one.
func fairlead(
  _ words: String..., typed: [String]? = nil, answer: @escaping ScriptedDaemon = { _, _ in .success([:]) }
) throws -> Outcome {
  try fairlead(words, typed: typed, answer: answer)
}
