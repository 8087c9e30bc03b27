// Shows a list of the daemon, page after page.

internal import ExactJSON
internal import FairleadModel

struct ListFlow<Item> {
  let session: Session
  let pages: Pages
  let columns: [Column<Item>]
  let read: (JSONObjectDecoder) throws(Refusal) -> Item
  /// What to say on stderr when there is nothing to list.
  let empty: String
  /// What to say in its place where a filter may be the reason.
  var whyEmpty: (() throws(Failure) -> String)?
  /// What to say where the limit cut the list; the argument is the cursor to go on with.
  var more: (String) -> String = { _ in "there is more: raise --limit" }
  /// The item as JSON output shows it.
  var json: (JSON) throws(Failure) -> JSON = { $0 }

  func run() throws(Failure) -> CommandStatus {
    switch session.output {
    case .text: try rows(.text)
    case .table: try rows(.table)
    case .tsv: try rows(.tsv)
    case .json, .yaml:
      let (items, cursor) = try all()
      var builder = JSONObjectBuilder()
      builder.set("items", .array(items))
      builder.set("after", ifPresent: cursor)
      let value = builder.json
      try session.show(Document(json: value, table: { form in Table([], columns, for: form) }, text: { _ in "" }))
    case .none: _ = try pages.forEach(session.transport) { _ in true }
    }
    return .done
  }

  /// Every item, and the cursor where the limit cut the list.
  func all() throws(Failure) -> ([JSON], JSON?) {
    var items: [JSON] = []
    let cursor = try pages.forEach(session.transport) { (page) throws(Failure) in
      for item in page { items.append(try json(item)) }
      return true
    }
    return (items, cursor)
  }

  /// Rows as they arrive: a long list starts at once, and is never held in memory.
  private func rows(_ form: Table.Form) throws(Failure) {
    var writer = TableWriter(form, session.console.outLayout)
    var isEmpty = true
    let cursor = try pages.forEach(session.transport) { (page) throws(Failure) in
      guard !page.isEmpty else { return true }
      isEmpty = false
      var items: [Item] = []
      for item in page { items.append(try DaemonReply.read(item, read)) }
      session.console.out(writer.text(Table(items, columns, for: form)))
      return !session.console.isClosed
    }
    if isEmpty { session.console.note(try whyEmpty?() ?? empty) }
    if let cursor, form == .text { session.console.note(more(cursor.stringValue ?? cursor.text)) }
  }
}
