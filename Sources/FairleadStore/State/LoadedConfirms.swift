// What waits to be confirmed in a state that was read from the file, on its way to whoever counts it.

package import FairleadModel
internal import Synchronization

/// The confirmations that clusters wait for, as a state found them in the file. All states that come of that one share this, and
/// the first that is published hands them over: those after it differ by their changes.
package final class LoadedConfirms: Sendable {
  package typealias Deadlines = [(key: String, deadline: Timestamp)]

  private let deadlines: Mutex<Deadlines?>

  init(_ deadlines: Deadlines) { self.deadlines = Mutex(deadlines) }

  /// The deadlines by folded key, once; `nil` from then on.
  package func take() -> Deadlines? {
    deadlines.withLock { deadlines in
      defer { deadlines = nil }
      return deadlines
    }
  }
}
