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

  var common: CommonOptions { CommonOptions(subscription: subscription, socket: socket, output: output) }

  /// The subscription that is named; an empty word counts as none.
  var namedSubscription: String? { common.namedSubscription }
}
