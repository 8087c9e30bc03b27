// What a line holds: one request, or a batch of them.

internal import ExactJSON
internal import FairleadModel

package enum Message: Sendable, Hashable {
  package typealias Item = Result<Request, Request.Malformed>

  case one(Item)
  /// Never empty. Its reply is one array on one line, without members for notifications; a batch of notifications alone gets
  /// no reply.
  case batch([Item])

  /// Decodes a line, given without its line feed.
  package init(line: some Collection<UInt8>) {
    let value: JSON
    do {
      value = try JSON(parsing: line, within: Limits.jsonBounds)
    } catch {
      self = .one(.failure(Request.Malformed(id: .null, refusal: Request.refusal(for: error))))
      return
    }
    guard case .array(let items) = value else {
      self = .one(Self.item(value))
      return
    }
    guard !items.isEmpty else {
      self = .refused(Refusal(.invalidRequest, "cannot take an empty batch: it holds at least one request"))
      return
    }
    guard items.count <= Limits.batchRequests else {
      self = .refused(
        Refusal(
          .tooLarge(limit: Limits.batchRequests),
          "cannot take a batch of \(items.count) requests: \(Limits.batchRequests) is the limit; send several lines, or "
            + "cluster.apply for a fleet"))
      return
    }
    self = .batch(items.map(Self.item))
  }

  private static func item(_ value: JSON) -> Item {
    do throws(Request.Malformed) {
      return .success(try Request(value))
    } catch {
      return .failure(error)
    }
  }

  private static func refused(_ refusal: Refusal) -> Message {
    .one(.failure(Request.Malformed(id: .null, refusal: refusal)))
  }
}
