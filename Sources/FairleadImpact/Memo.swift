// A memo of a pure function: keeps its results for the next report that has the same input.

internal import Synchronization

/// Results of a pure function by its input, a bounded number of them.
///
/// An update of a cluster mostly has the facts that the one before it had, and the clusters of a fleet share theirs. All
/// threads that plan share the dictionary. The lock protects it alone and is not held while a result is computed: two
/// threads that miss at once compute it twice, which costs less than waiting for one another.
final class Memo<Input: Hashable & Sendable, Output: Sendable>: Sendable {
  private let results = Mutex<[Input: Output]>([:])
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func value(for input: Input, _ compute: (Input) -> Output) -> Output {
    if let known = results.withLock({ $0[input] }) { return known }
    let output = compute(input)
    results.withLock {
      // Emptied when it is full: with more inputs than `limit` it costs little more than no memo.
      if $0.count >= limit { $0.removeAll(keepingCapacity: true) }
      $0[input] = output
    }
    return output
  }
}
