// `fairlead log`: every change of the registry, in order.

internal import ArgumentParser
internal import FairleadModel

struct LogCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List every change of the registry, in order.")

  @Option(help: ArgumentHelp("Only changes after this one.", valueName: "seq"))
  var after: Int?

  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard global.namedSubscription == nil else {
      throw .usage("cannot take --subscription with log: it lists every change of the registry")
    }
    var builder = ObjectBuilder()
    builder.set("after", ifPresent: after)
    return try ListFlow(
      session: session, pages: Pages(method: "change.list", params: builder.object, limit: limit.limit),
      columns: LedgerText.changes, read: ChangeLine.init(_:), empty: "no change is recorded",
      more: { "there is more: go on with --after \($0)" }
    ).run()
  }
}
