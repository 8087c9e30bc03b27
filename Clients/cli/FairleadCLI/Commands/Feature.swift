// `fairlead feature`: the feature flags whose registration gates a configuration.

internal import ArgumentParser
internal import FairleadFormats
internal import ExactJSON
internal import FairleadModel

struct FeatureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feature", abstract: "Register, unregister and look at feature flags.",
    discussion: """
      Example:
        fairlead feature register --namespace Microsoft.ContainerService \\
          --name KubeProxyConfigurationPreview
      """,
    subcommands: [
      FeatureRegisterCommand.self, FeatureUnregisterCommand.self, FeatureShowCommand.self, FeatureListCommand.self,
    ])
}

struct FeatureOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The provider, such as Microsoft.ContainerService.", valueName: "provider"))
  var namespace: String

  @Option(name: [.short, .long], help: ArgumentHelp("The feature's name.", valueName: "feature"))
  var name: String

  func key(_ global: GlobalOptions) -> FeatureKey {
    FeatureKey(
      provider: ProviderKey(subscription: global.namedSubscription ?? defaultSubscription, namespace: namespace),
      name: name)
  }

  func parameters(_ global: GlobalOptions) -> JSONObjectBuilder {
    var builder = JSONObjectBuilder()
    key(global).write(to: &builder)
    return builder
  }

  /// Registers or unregisters, and says what carries that to the provider.
  func change(
    _ method: String, done: String, _ message: MessageOptions, _ commit: CommitOptions, _ global: GlobalOptions,
    in session: Session
  ) throws(Failure) -> CommandStatus {
    var builder = parameters(global)
    message.write(to: &builder)
    let (status, answer) = try ChangeFlow(session: session, method: method, params: builder.object, commit: commit)
      .record()
    // As text the report has said so already.
    if case .feature(let feature) = answer?.resource, !feature.propagated, session.output != .text {
      session.console.note(
        "once it is \(done), 'fairlead provider register --namespace \(shellQuoted(namespace))' carries it to the provider"
      )
    }
    return status
  }
}

struct FeatureRegisterCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "register", abstract: "Ask for a feature flag.")

  @OptionGroup(title: "Feature") var feature: FeatureOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try feature.change("feature.register", done: "Registered", message, commit, global, in: session)
  }
}

struct FeatureUnregisterCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "unregister", abstract: "Give a feature flag up.")

  @OptionGroup(title: "Feature") var feature: FeatureOptions
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try feature.change("feature.unregister", done: "Unregistered", message, commit, global, in: session)
  }
}

struct FeatureShowCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a feature flag's state.")

  @OptionGroup(title: "Feature") var feature: FeatureOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("feature.get", feature.parameters(global).object)
    try session.show(.row(json, shown: Self.withAzState(json), LedgerText.features, Feature.init(_:)))
    return .done
  }

  /// The wire's shape, with the state also where scripts written for az look for it.
  static func withAzState(_ json: JSON) -> JSON {
    guard var object = json.objectValue, let state = object["state"] else { return json }
    object["properties"] = ["state": state]
    return .object(object)
  }
}

struct FeatureListCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the feature flags that were ever asked for.")

  @Option(help: ArgumentHelp("Only this provider.", valueName: "provider"))
  var namespace: String?

  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    var builder = JSONObjectBuilder()
    builder.set("subscription", ifPresent: global.namedSubscription)
    builder.set("namespace", ifPresent: namespace)
    return try ListFlow(
      session: session, pages: Pages(method: "feature.list", params: builder.object, limit: limit.limit),
      columns: LedgerText.features, read: Feature.init(_:), empty: "no feature was ever asked for",
      json: FeatureShowCommand.withAzState
    ).run()
  }
}
