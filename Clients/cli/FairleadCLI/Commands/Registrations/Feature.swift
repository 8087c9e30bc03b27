// `fairlead feature`: the feature flags whose registration gates a configuration.

internal import ArgumentParser
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

  /// The parameters that name the feature, to which the others are added.
  func parameters(_ common: CommonOptions) -> JSONObjectBuilder {
    let subscription = common.namedSubscription ?? defaultSubscription
    var builder = JSONObjectBuilder()
    FeatureKey(provider: ProviderKey(subscription: subscription, namespace: namespace), name: name).write(to: &builder)
    return builder
  }
}

/// The options of a registration's change, whichever way it goes.
struct FeatureChangeOptions: ParsableArguments {
  @OptionGroup(title: "Feature") var feature: FeatureOptions
  @OptionGroup(title: "Change") var force: ForceOption
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var commit: CommitOptions

  /// Registers or unregisters. `state` is the one that the feature will have, for a note on how that reaches the
  /// provider.
  func run(
    _ method: String, until state: String, in session: Session, _ common: CommonOptions
  ) throws(Failure) -> CommandStatus {
    var builder = feature.parameters(common)
    force.write(to: &builder)
    message.write(to: &builder)
    let change = ProposedChange(method: method, params: builder.object)
    let (status, answer) = try ChangeFlow(session: session, change: change, execution: commit.execution).perform()
    // In text output the report has said so already.
    if case .feature(let feature) = answer?.resource, !feature.propagated, session.output != .text {
      let namespace = spelled("--namespace", self.feature.namespace)
      session.console.note(
        "once it is \(state), 'fairlead provider register \(namespace)' carries it to the provider")
    }
    return status
  }
}

struct FeatureRegisterCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "register", abstract: "Ask for a feature flag.")

  @OptionGroup var options: FeatureChangeOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try options.run("feature.register", until: "Registered", in: session, common)
  }
}

struct FeatureUnregisterCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "unregister", abstract: "Give a feature flag up.")

  @OptionGroup var options: FeatureChangeOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try options.run("feature.unregister", until: "Unregistered", in: session, common)
  }
}

struct FeatureShowCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a feature flag's state.")

  @OptionGroup(title: "Feature") var feature: FeatureOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("feature.get", feature.parameters(common).object)
    try session.show(.row(json, shown: Self.withAzState(json), LedgerText.features, Feature.init(_:)))
    let isRegistered = json["state"] != .string(RegistrationState.notRegistered.rawValue)
    let known = FeatureKey.kubeProxyPreview(in: defaultSubscription)
    [
      EmptyRegistrations.note(feature.namespace, isRegistered: isRegistered, known: known.provider.namespace),
      EmptyRegistrations.note(feature.name, isRegistered: isRegistered, known: known.name),
    ].compactMap(\.self).forEach(session.console.note)
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
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    var builder = JSONObjectBuilder()
    builder.set("subscription", ifPresent: global.namedSubscription)
    builder.set("namespace", ifPresent: namespace)
    return try ListFlow(
      session: session, pages: Pages(method: "feature.list", params: builder.object, limit: limit.limit),
      columns: LedgerText.features, read: Feature.init(_:), empty: "no feature was ever asked for",
      whyEmpty: { () throws(Failure) in
        try EmptyRegistrations.explanation(
          "feature", namespace: namespace, subscription: global.namedSubscription, session, method: "feature.list")
      },
      json: FeatureShowCommand.withAzState
    ).run()
  }
}
