// The requests of one line that have not been started yet.

internal import FairleadModel

/// Takes requests from the front, and knows which place each reply has.
struct LineInProgress {
  private enum Form {
    case single
    case batch
  }

  /// Bytes of the line, as a measure of what its requests hold in memory.
  let bytes: Int
  private let form: Form
  private var rest: ArraySlice<DecodedRequest>

  init(_ line: DecodedLine, bytes: Int) {
    self.bytes = bytes
    switch line {
    case .single(let request): (form, rest) = (.single, [request])
    case .batch(let requests): (form, rest) = (.batch, requests[...])
    }
  }

  var next: DecodedRequest? { rest.first }

  var isEmpty: Bool { rest.isEmpty }

  /// The place of the next request's reply.
  var place: Replies.Place {
    switch form {
    case .single: .alone
    case .batch: rest.count > 1 ? .inBatch : .lastInBatch
    }
  }

  mutating func removeFirst() { rest.removeFirst() }
}
