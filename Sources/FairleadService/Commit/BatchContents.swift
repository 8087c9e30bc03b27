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

  /// Registration steps in it that were due, of which one batch takes a bounded number.
  var settledSteps = 0

  /// The folded keys of clusters that were taken from the log, since their rows say something else.
  private(set) var corrected: [String] = []

  /// The last change of the state that the batch begins with, where that was read from the file, since another program wrote
  /// there: readers and watches do not know it yet.
  let rereadThrough: Int?

  init(on state: CurrentState, isReread: Bool = false) {
    self.state = state
    rereadThrough = isReread ? state.seq : nil
  }

  /// Whether there is anything that readers do not know yet.
  var isNews: Bool { rereadThrough != nil || !changes.isEmpty || !corrected.isEmpty }

  /// Puts what the log says in the place of a row that says something else.
  mutating func correct(_ folded: String, _ entry: ClusterEntry?) {
    state.correct(folded, entry)
    corrected.append(folded)
  }

  func completeAll() { for completion in completions { completion() } }
}
