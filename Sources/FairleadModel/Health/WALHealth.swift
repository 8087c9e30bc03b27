// How much the write-ahead log holds, as `registry.health` reports it.

package import ExactJSON

package struct WALHealth: Sendable, Hashable {
  /// The length of its file.
  package var bytes = 0
  /// Pages in it that are not in the database file yet.
  package var pages = 0
  /// When the oldest of them was written, as far as it was noticed; `nil` where there is none.
  package var since: Timestamp?

  package init(bytes: Int = 0, pages: Int = 0, since: Timestamp? = nil) {
    self.bytes = bytes
    self.pages = pages
    self.since = since
  }

  package var json: JSON {
    var builder = JSONObjectBuilder()
    builder.set("bytes", bytes)
    builder.set("pages", pages)
    builder.set("since", ifPresent: since?.text)
    return builder.json
  }
}
