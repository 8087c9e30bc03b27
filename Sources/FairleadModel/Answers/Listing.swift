// One page of a list as it is answered.

package import ExactJSON

/// A page that was read. `after` is the cursor for the next one, `nil` on the last.
package struct Listing<Item: Sendable, Cursor: Sendable>: Sendable {
  package let items: [Item]
  package let after: Cursor?

  package init(items: [Item], after: Cursor?) {
    self.items = items
    self.after = after
  }

  /// Makes a page of up to `limit + 1` rows: the extra row only says that there is another page.
  package init(rows: [Item], limit: Int, cursor: (Item) -> Cursor) {
    let items = Array(rows.prefix(limit))
    self.init(items: items, after: rows.count > limit ? items.last.map(cursor) : nil)
  }

  package func json(item: (Item) -> JSON, cursor: (Cursor) -> JSON) -> JSON {
    var builder = JSONObjectBuilder()
    builder.set("items", .array(items.map(item)))
    builder.set("after", ifPresent: after.map(cursor))
    return builder.json
  }
}

extension Listing where Item: JSONEncodable {
  package func text(cursor: (Cursor) -> JSON) -> [UInt8] {
    var text = JSONWriter(capacity: 512 * (items.count + 1))
    text.beginObject()
    text.set("items", items)
    text.set("after", ifPresent: after.map(cursor))
    text.endObject()
    return text.finish()
  }
}
