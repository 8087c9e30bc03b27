// Why a connection's input is refused from some place on; the connection ends with it.

internal import FairleadModel

enum InputRefusal: Equatable {
  case lineTooLong
  /// All connections together held more than they may, and this one most: so many bytes.
  case overBudget(bytes: Int)

  /// What the peer is answered. `limit` is what all connections may hold together, in bytes.
  func refusal(limit: Int) -> Refusal {
    switch self {
    case .lineTooLong:
      Refusal(
        .tooLarge(limit: Limits.lineBytes),
        "cannot take this line: it is longer than \(Limits.lineBytes) bytes; the connection ends here")
    case .overBudget(let bytes):
      Refusal(
        .busy(retryAfterMs: ServerLimits.memoryRetryMs),
        "cannot keep what this connection has sent and not taken: with \(bytes) bytes it holds most of the \(limit) that "
          + "all connections may hold together; the connection ends here, so take replies as they come, and send less at once"
      )
    }
  }
}
