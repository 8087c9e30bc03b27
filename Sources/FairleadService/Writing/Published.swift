// The heads that readers see: those of the last durable change.

internal import FairleadStore
internal import Synchronization

/// Readers take a copy, which never changes under them; the writer puts the next one in its place.
final class Published: Sendable {
  private let state: Mutex<Heads>

  init(_ heads: Heads) { state = Mutex(heads) }

  var heads: Heads {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
