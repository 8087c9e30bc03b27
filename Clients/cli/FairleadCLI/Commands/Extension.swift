// `fairlead extension`: the client extension and the version in use.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ExtensionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extension", abstract: "Record and look at the client extensions in use.",
    discussion: """
      Example:
        fairlead extension add --name aks-preview
      """,
    subcommands: [
      ExtensionAddCommand.self, ExtensionUpdateCommand.self, ExtensionShowCommand.self, ExtensionListCommand.self,
    ])
}

struct ExtensionOptions: ParsableArguments {
  @Option(name: [.short, .long], help: ArgumentHelp("The extension, such as aks-preview.", valueName: "extension"))
  var name: String

  var parameters: JSONObjectBuilder {
    var builder = JSONObjectBuilder()
    builder.set("name", name)
    return builder
  }
}

/// Flags of `az extension` that change nothing here.
struct ExtensionAzOptions: ParsableArguments {
  @Flag(name: [.customShort("U"), .long], help: .hidden) var upgrade = false
  @Option(help: .hidden) var allowPreview: String?

  func note(_ console: any Console) {
    let ignored = (upgrade ? ["--upgrade"] : []) + (allowPreview == nil ? [] : ["--allow-preview"])
    guard !ignored.isEmpty else { return }
    console.note(
      "\(ignored.joined(separator: ", ")) ignored: Fairlead records which extension is in use, and installs none")
  }
}

struct ExtensionAddCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Record an extension; one that is recorded keeps its version.")

  @OptionGroup(title: "Extension") var item: ExtensionOptions

  @Option(help: ArgumentHelp("The version in use.", valueName: "version"))
  var version: String?

  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup var az: ExtensionAzOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    az.note(session.console)
    var builder = item.parameters
    builder.set("version", ifPresent: version)
    message.write(to: &builder)
    return try ChangeFlow(session: session, method: "extension.set", params: builder.object, commit: commit).run()
  }
}

struct ExtensionUpdateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Record a newer version of an extension; the latest by default.")

  @OptionGroup(title: "Extension") var item: ExtensionOptions

  @Option(help: ArgumentHelp("The version in use.", valueName: "version"))
  var version: String?

  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup var az: ExtensionAzOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    az.note(session.console)
    // Setting would add it; what was never added is not there to be updated.
    _ = try session.call("extension.get", item.parameters.object)
    var builder = item.parameters
    builder.set("version", version ?? "latest")
    message.write(to: &builder)
    return try ChangeFlow(session: session, method: "extension.set", params: builder.object, commit: commit).run()
  }
}

struct ExtensionShowCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an extension's version.")

  @OptionGroup(title: "Extension") var item: ExtensionOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("extension.get", item.parameters.object)
    try session.show(.row(json, LedgerText.extensions, ClientExtension.init(_:)))
    return .done
  }
}

struct ExtensionListCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the client extensions on record.")

  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ListFlow(
      session: session, pages: Pages(method: "extension.list", params: JSONObject(), limit: limit.limit),
      columns: LedgerText.extensions, read: ClientExtension.init(_:), empty: "no extension is recorded"
    ).run()
  }
}
