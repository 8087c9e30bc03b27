// A write as it is decoded from its line, before there is a completion for its result.

internal import ExactJSON
internal import FairleadModel

enum WriteRequest: Sendable {
  case change(ChangeRequest, ChangeOptions)
  /// `encode` encodes a result for the wire.
  case apply(ApplyRequest, encode: @Sendable (ApplyResult) -> JSON)
}
