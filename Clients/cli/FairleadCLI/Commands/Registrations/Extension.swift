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

/// The options of an extension's change, in both forms of the command.
struct ExtensionChangeOptions: ParsableArguments {
  @OptionGroup(title: "Extension") var item: ExtensionOptions

  @Option(help: ArgumentHelp("The version in use.", valueName: "version"))
  var version: String?

  @OptionGroup(title: "Change") var force: ForceOption
  @OptionGroup(title: "Change") var message: MessageOptions
  @OptionGroup(title: "Change") var commit: CommitOptions
  @OptionGroup var az: ExtensionAzOptions

  /// Records the extension. `fallback` is the version where none is named; `nil` leaves it to the daemon.
  func run(in session: Session, version fallback: String?) throws(Failure) -> CommandStatus {
    var builder = item.parameters
    builder.set("version", ifPresent: version ?? fallback)
    force.write(to: &builder)
    message.write(to: &builder)
    let change = ProposedChange(method: "extension.set", params: builder.object)
    return try ChangeFlow(session: session, change: change, execution: commit.execution).run()
  }
}

struct ExtensionAddCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Record an extension; one that is recorded keeps its version.")

  @OptionGroup var options: ExtensionChangeOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    options.az.note(session.console)
    return try options.run(in: session, version: nil)
  }
}

struct ExtensionUpdateCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Record a newer version of an extension; the latest by default.")

  @OptionGroup var options: ExtensionChangeOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    options.az.note(session.console)
    // Setting would add it; an extension that was never added cannot be updated.
    _ = try session.call("extension.get", options.item.parameters.object)
    return try options.run(in: session, version: "latest")
  }
}

struct ExtensionShowCommand: FairleadCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an extension's version.")

  @OptionGroup(title: "Extension") var item: ExtensionOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

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
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    try ListFlow(
      session: session, pages: Pages(method: "extension.list", params: JSONObject(), limit: limit.limit),
      columns: LedgerText.extensions, read: ClientExtension.init(_:), empty: "no extension is recorded"
    ).run()
  }
}
