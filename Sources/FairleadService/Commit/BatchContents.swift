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

  /// The last change of the state that the batch begins with, where that was read from the file, since another program wrote
  /// there: readers and watches do not know it yet.
  let rereadThrough: Int?

  init(on state: CurrentState, isReread: Bool = false) {
    self.state = state
    rereadThrough = isReread ? state.seq : nil
  }

  /// Whether there is anything that readers do not know yet.
  var isNews: Bool { rereadThrough != nil || !changes.isEmpty }

  func completeAll() { for completion in completions { completion() } }
}
