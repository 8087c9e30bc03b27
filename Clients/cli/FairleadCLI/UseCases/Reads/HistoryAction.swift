// Lists the revisions of a cluster, or draws them as a page.

internal import FairleadModel
internal import FairleadPages

struct HistoryAction: CommandAction, Hashable {
  enum Format: String, CaseIterable {
    case text
    case json
    case html
  }

  let common: CommonOptions
  let key: ClusterKey
  let limit: Int?
  let format: Format?

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
