// Prints the log and then each change as it comes, until it is interrupted.

internal import FairleadJSON
internal import FairleadModel

struct FollowFlow {
  let session: Session
  let after: Int
  /// Changes in all; `nil` goes on for ever.
  let limit: Int?

  func run() throws(Failure) -> CommandStatus {
    var feed = ChangeFeed(session, after: after)
    var left = limit ?? Int.max
    let print = try printer()
    try feed.follow { (items) throws(Failure) in
      let shown = Array(items.prefix(left))
      left -= shown.count
      try print(shown)
      return left > 0 && !session.console.isClosed
    }
    return .done
  }

  /// What becomes of a batch in the form that was asked for.
  private func printer() throws(Failure) -> ([JSON]) throws(Failure) -> Void {
    let console = session.console
    let form: Table.Form
    switch session.output {
    case .none: return { _ in }
    // One object a line, so that a reader has a change as soon as it is there.
    case .json: return { items in console.out(items.map { $0.text + "\n" }.joined()) }
    case .yaml: throw .usage("cannot follow the log as yaml: use -o json, which prints one change a line")
    case .text: form = .text
    case .table: form = .table
    case .tsv: form = .tsv
    }
    var writer = TableWriter(form, console.outLayout)
    return { (items) throws(Failure) in
      var changes: [ChangeLine] = []
      for item in items { changes.append(try Session.read(item, ChangeLine.init(_:))) }
      console.out(writer.text(Table(changes, LedgerText.changes, for: form)))
    }
  }
}
