// One page of a list as it is gathered, until it is full: by number or by bytes.

package import ExactJSON

/// Items that are encoded already, in their order. A page ends at its limit of items, or where the next item would make it
/// longer than `Limits.pageBytes`; it has one item at least, however long that is.
package struct PageItems<Cursor: Sendable>: Sendable {
  private let limit: Int
  private let byteLimit: Int
  private var items: [[UInt8]] = []
  private var last: Cursor?
  /// Bytes of the items.
  private var bytes = 0
  /// Whether it is complete, and another page follows.
  package private(set) var isCut = false

  package init(limit: Int, bytes byteLimit: Int = Limits.pageBytes) {
    self.limit = limit
    self.byteLimit = byteLimit
  }

  /// How many more items are wanted: one more than the page takes, since only that one says that another page follows.
  package var wanted: Int { isCut ? 0 : limit + 1 - items.count }

  /// Adds the next item, or cuts the page before it.
  package mutating func add(_ text: [UInt8], cursor: Cursor) {
    guard !isCut, items.count < limit, items.isEmpty || bytes + text.count <= byteLimit else {
      isCut = true
      return
    }
    items.append(text)
    bytes += text.count
    last = cursor
  }

  /// The page as the wire carries it: the items, and the cursor for the next page where one follows.
  package func text(cursor: (Cursor) -> JSON) -> [UInt8] {
    var text = JSONWriter(capacity: bytes + items.count + 128)
    text.beginObject()
    text.beginArray("items")
    for item in items { text.append(encoded: item) }
    text.endArray()
    text.set("after", ifPresent: isCut ? last.map(cursor) : nil)
    text.endObject()
    return text.finish()
  }
}
