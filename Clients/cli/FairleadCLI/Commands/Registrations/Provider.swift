// `fairlead provider`: the resource providers, whose registration picks up feature flags.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ProviderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provider", abstract: "Register, unregister and look at resource providers.",
    discussion: """
      Example:
        fairlead provider register --namespace Microsoft.ContainerService
      """,
    subcommands: [
      ProviderRegisterCommand.self, ProviderUnregisterCommand.self, ProviderShowCommand.self,
      ProviderListCommand.self,
    ])
}

struct ProviderOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The provider, such as Microsoft.ContainerService.", valueName: "provider"))
  var namespace: String

  func parameters(_ common: CommonOptions) -> JSONObjectBuilder {
    var builder = JSONObjectBuilder()
    ProviderKey(subscription: common.namedSubscription ?? defaultSubscription, namespace: namespace)
      .write(to: &builder)
    return builder
  }
}

/// The options of a registration's change, whichever way it goes.
struct ProviderChangeOptions: ParsableArguments {
  @OptionGroup(title: "Provider") var provider: ProviderOptions
  @OptionGroup(title: "Change") var force: ForceOption
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var commit: CommitOptions

  // A flag of `az provider` that changes nothing here.
  @Flag(help: .hidden) var wait = false

  func run(_ method: String, in session: Session, _ common: CommonOptions) throws(Failure) -> CommandStatus {
    if wait { session.console.note("--wait is ignored: 'fairlead provider show' tells when the registration settles") }
    var builder = provider.parameters(common)
    force.write(to: &builder)
    message.write(to: &builder)
    let change = ProposedChange(method: method, params: builder.object)
    return try ChangeFlow(session: session, change: change, execution: commit.execution).run()
  }
}

struct ProviderRegisterCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Register a provider; it picks up the features that are Registered.")

  @OptionGroup var options: ProviderChangeOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try options.run("provider.register", in: session, common)
  }
}

struct ProviderUnregisterCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "unregister", abstract: "Unregister a provider.")

  @OptionGroup var options: ProviderChangeOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try options.run("provider.unregister", in: session, common)
  }
}

struct ProviderShowCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a provider's state.")

  @OptionGroup(title: "Provider") var provider: ProviderOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("provider.get", provider.parameters(common).object)
    try session.show(.row(json, LedgerText.providers, Provider.init(_:)))
    let isRegistered = json["state"] != .string(RegistrationState.notRegistered.rawValue)
    let known = ProviderKey.containerService(in: defaultSubscription)
    if let note = EmptyRegistrations.note(provider.namespace, isRegistered: isRegistered, known: known.namespace) {
      session.console.note(note)
    }
    return .done
  }
}

struct ProviderListCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the providers that were ever asked for.")

  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    var builder = JSONObjectBuilder()
    builder.set("subscription", ifPresent: global.namedSubscription)
    return try ListFlow(
      session: session, pages: Pages(method: "provider.list", params: builder.object, limit: limit.limit),
      columns: LedgerText.providers, read: Provider.init(_:), empty: "no provider was ever asked for",
      whyEmpty: { () throws(Failure) in
        try EmptyRegistrations.explanation(
          "provider", namespace: nil, subscription: global.namedSubscription, session, method: "provider.list")
      }
    ).run()
  }
}
