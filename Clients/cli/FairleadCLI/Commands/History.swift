// `fairlead history`: the revisions of a cluster, newest first.

internal import ArgumentParser
internal import FairleadModel
internal import FairleadPages

struct HistoryCommand: FastPathCommand {
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

  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  var work: HistoryAction {
    HistoryAction(common: common, key: cluster.key(global), limit: limit.limit, format: format)
  }
}

struct HistoryAction: FastPathAction, Hashable {
  let common: CommonOptions
  let key: ClusterKey
  let limit: Int?
  let format: HistoryCommand.Format?

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    switch format {
    case .text: try list(in: session, as: .text)
    case .json: try list(in: session, as: .json)
    case .html:
      let now = Timestamp.now
      let history = try HistoryFlow(session: session, key: key, limit: limit).history(until: now)
      session.console.out(HistoryPage.render(history, generated: Timestamp.made.text))
    case nil: try list(in: session, as: session.output)
    }
    return .done
  }

  private func list(in session: Session, as output: Output) throws(Failure) {
    _ = try ListFlow(
      session: session.writing(output),
      pages: Pages(method: "cluster.history", params: key.parameters.object, limit: limit),
      columns: LedgerText.revisions, read: Revision.init(_:), empty: "no revision is recorded"
    ).run()
  }
}

extension HistoryAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    guard let key = words.takeCluster(common) else { return nil }
    self.key = key
    limit = words.takeLimit()
    format = words.take("--format", as: HistoryCommand.Format.init(rawValue:))
  }
}
