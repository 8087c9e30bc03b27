// Options that every command takes, before or after its name.

internal import ArgumentParser

struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The subscription ('default' where none is named).", valueName: "name"))
  var subscription: String?

  @Option(
    help: ArgumentHelp("The daemon's socket (environment: FAIRLEAD_SOCKET).", valueName: "path"), completion: .file())
  var socket: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The form of output (environment: FAIRLEAD_OUTPUT).", valueName: "form"))
  var output: Output?

  init() {}

  init(_ words: inout PlainWords) {
    subscription = words.take("--subscription")
    socket = words.take("--socket")
    output = words.take("--output", "-o", as: Output.init(argument:))
  }

  /// The form that is asked for: by the option, by the environment, or the command's own.
  func output(default fallback: Output, environment: Environment) throws(Failure) -> Output {
    if let output { return output }
    guard let word = environment["FAIRLEAD_OUTPUT"] else { return fallback }
    guard let output = Output(argument: word) else {
      let known = Output.allCases.map(\.rawValue).joined(separator: ", ")
      throw .usage("cannot take '\(word)' for FAIRLEAD_OUTPUT: it is one of \(known)")
    }
    return output
  }

  /// The subscription that is named; an empty word counts as none.
  var namedSubscription: String? { subscription.flatMap { $0.isEmpty ? nil : $0 } }
}
