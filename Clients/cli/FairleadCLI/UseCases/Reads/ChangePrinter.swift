// Prints changes as they come, in the form that was asked for.

internal import ExactJSON
internal import FairleadModel

extension Session {
  /// A function that prints a batch of changes. `text` formats one for a person; without it they are rows of the log.
  func changePrinter(
    text: ((JSON) throws(Failure) -> String)? = nil
  ) throws(Failure) -> ([JSON]) throws(Failure) -> Void {
    let console = console
    let form: Table.Form
    switch output {
    case .none: return { _ in }
    // One object a line, so that a reader has a change as soon as it is there.
    case .json: return { items in console.out(items.map(\.shownLine).joined()) }
    case .yaml: throw .usage("cannot follow the log as yaml: use -o json, which prints one change a line")
    case .text:
      if let text {
        return { (items) throws(Failure) in
          for item in items { console.out(try text(item)) }
        }
      }
      form = .text
    case .table: form = .table
    case .tsv: form = .tsv
    }
    var writer = TableWriter(form, console.outLayout)
    return { (items) throws(Failure) in
      var changes: [ChangeLine] = []
      for item in items { changes.append(try DaemonReply.read(item, ChangeLine.init(_:))) }
      console.out(writer.text(Table(changes, LedgerText.changes, for: form)))
    }
  }
}
