// A write as it is decoded from its line, before there is a completion for its result.

internal import FairleadModel

enum WriteRequest: Sendable {
  case change(ChangeRequest, ChangeOptions)
  case apply(ApplyRequest)
}
