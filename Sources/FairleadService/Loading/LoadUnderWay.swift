// What was loaded so far, between one step of loading and the next.

internal import FairleadStore
internal import Synchronization

/// Whoever takes a step has the load to itself meanwhile, so that it grows in place.
final class LoadUnderWay: Sendable {
  private struct State {
    var load: Warmup?
    /// The clusters that it has, also while somebody has taken it.
    var count: Int
  }

  private let state: Mutex<State>

  init(_ load: Warmup?) { state = Mutex(State(load: load, count: load?.count ?? 0)) }

  var count: Int { state.withLock { $0.count } }

  func take() -> Warmup? {
    state.withLock { state in
      defer { state.load = nil }
      return state.load
    }
  }

  func put(_ load: Warmup) { state.withLock { $0 = State(load: load, count: load.count) } }
}
