// The heads that readers see: those of the last durable change.

internal import FairleadStore
internal import Synchronization

/// Readers take a copy, which never changes under them; the writer puts the next one in its place.
final class Published: Sendable {
  private let state: Mutex<CurrentState>

  init(_ heads: CurrentState) { state = Mutex(heads) }

  var heads: CurrentState {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
