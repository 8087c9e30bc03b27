// Keeps what a pure computation came to, for the next report that asks with the same input.

internal import Synchronization

/// Results of a pure function by its input, a bounded number of them.
///
/// An update of a cluster mostly finds the facts that the one before it found, and the clusters of a fleet share theirs.
/// The dictionary is shared by everybody who plans, and the lock protects it alone: two who miss at once compute the same
/// result twice, which costs less than to wait for one another.
final class Memo<Input: Hashable & Sendable, Output: Sendable>: Sendable {
  private let results = Mutex<[Input: Output]>([:])
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func value(for input: Input, _ compute: (Input) -> Output) -> Output {
    if let known = results.withLock({ $0[input] }) { return known }
    let output = compute(input)
    results.withLock {
      // Begun anew when it is full: who has more inputs than that pays little more than without it.
      if $0.count >= limit { $0.removeAll(keepingCapacity: true) }
      $0[input] = output
    }
    return output
  }
}
