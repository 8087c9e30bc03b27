// `fairlead log`: every change of the registry, in order.

internal import ArgumentParser
internal import FairleadModel

struct LogCommand: PlainCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List every change of the registry, in order.",
    discussion: """
      With --follow it goes on and prints each change as it comes, until it is interrupted or --limit is reached. Ctrl-C \
      ends it as it ends any program: by the signal, which shells show as 130.

      Example:
        fairlead log --follow --after 1200 -o json
      """)

  @Option(help: ArgumentHelp("Only changes after this one.", valueName: "seq"))
  var after: Int?

  @Flag(name: [.customShort("f"), .long], help: "Go on: print each change as it comes, across restarts of the daemon.")
  var follow = false

  @OptionGroup var limit: LimitOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var work: LogWork { LogWork(everywhere: everywhere, after: after, follow: follow, limit: limit.limit) }
}

struct LogWork: PlainWork, Hashable {
  let everywhere: Everywhere
  let after: Int?
  let follow: Bool
  let limit: Int?

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    guard everywhere.namedSubscription == nil else {
      throw .usage("cannot take --subscription with log: it lists every change of the registry")
    }
    if follow { return try FollowFlow(session: session, after: after ?? 0, limit: limit).run() }
    var builder = ObjectBuilder()
    builder.set("after", ifPresent: after)
    return try ListFlow(
      session: session, pages: Pages(method: "change.list", params: builder.object, limit: limit),
      columns: LedgerText.changes, read: ChangeLine.init(_:), empty: "no change is recorded",
      more: { "there is more: go on with --after \($0)" }
    ).run()
  }
}

extension LogWork {
  init?(_ words: inout PlainWords) {
    everywhere = words.takeEverywhere()
    after = words.take("--after", as: Int.init)
    follow = false
    limit = words.takeLimit()
  }
}
