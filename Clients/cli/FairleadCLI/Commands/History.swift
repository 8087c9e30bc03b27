// `fairlead history`: the revisions of a cluster, newest first.

internal import ArgumentParser
internal import FairleadModel
internal import FairleadPages

struct HistoryCommand: FairleadCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case html
  }

  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List a cluster's revisions, newest first.",
    discussion: """
      Example:
        fairlead history -g prod -n web --format html > history.html
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup var limit: LimitOptions

  @Option(help: "How to write it: html draws the revisions over time. --output decides where this is left out.")
  var format: Format?

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    switch format {
    case .text: try list(in: session, as: .text)
    case .json: try list(in: session, as: .json)
    case .html:
      let now = Timestamp.now
      let history = try HistoryFlow(session: session, key: cluster.key(global), limit: limit.limit).history(until: now)
      session.console.out(HistoryPage.render(history, generated: Timestamp.made.text))
    case nil: try list(in: session, as: session.output)
    }
    return .done
  }

  private func list(in session: Session, as output: Output) throws(Failure) {
    _ = try ListFlow(
      session: session.writing(output),
      pages: Pages(method: "cluster.history", params: cluster.parameters(global).object, limit: limit.limit),
      columns: LedgerText.revisions, read: Revision.init(_:), empty: "no revision is recorded"
    ).run()
  }
}

extension HistoryCommand: PlainCommand {
  init?(_ words: inout PlainWords) {
    self.init()
    guard let cluster = ClusterOptions(&words) else { return nil }
    self.cluster = cluster
    limit = LimitOptions(&words)
    format = words.take("--format", as: Format.init(rawValue:))
    global = GlobalOptions(&words)
  }
}
