// What a batch comes to: a value that goes from the stage that prepares the batch to the one that commits it.

internal import FairleadModel
internal import FairleadStore

struct BatchContents: Sendable {
  /// The state once the batch is durable.
  var state: CurrentState
  /// The changes that it records, in order.
  var changes: [Change] = []
  /// Completes each write of the batch with its result, in order.
  var completions: [@Sendable () -> Void] = []

  init(on state: CurrentState) { self.state = state }

  func completeAll() { for completion in completions { completion() } }
}
