// Follows a list page by page until it ends or enough has been seen.

internal import ExactJSON
internal import FairleadModel

struct Pages {
  let method: String
  let params: JSONObject
  /// Items in all; `nil` is the whole list.
  let limit: Int?

  /// Hands each page to `body`, which returns whether to go on. Returns the cursor where more items are left.
  func forEach(
    _ transport: any Transport, _ body: ([JSON]) throws(Failure) -> Bool
  ) throws(Failure) -> JSON? {
    var cursor = params["after"]
    var left = limit ?? Int.max
    while true {
      var page = params
      page["limit"] = .integer(min(left, Limits.pageItems))
      page["after"] = cursor
      let result = try transport.call(method, page)
      guard let items = result["items"]?.arrayValue else {
        throw .unreachable("cannot understand the daemon's reply: \(method) answered no items")
      }
      left -= items.count
      let next = result["after"]
      guard try body(items), let next, next != .null else { return nil }
      // A cursor that does not advance would never end.
      guard left > 0, next != cursor, !items.isEmpty else { return next }
      cursor = next
    }
  }
}
