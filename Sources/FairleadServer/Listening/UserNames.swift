// The names of users, looked up beside the event loop and kept for a while.

internal import Dispatch
internal import LinuxSupport
internal import Synchronization

/// A name may come from a service on the network, which may be slow or hang, so no caller ever waits for it. A change is
/// recorded under the uid and the name; while the name is not known, the uid takes its place, as for a user who has none.
final class UserNames: Sendable {
  private struct Known {
    let name: String
    /// By `monotonicNanoseconds`.
    let since: Int
  }

  private enum LookUp {
    case underWay([@Sendable (String) -> Void])
    /// It takes longer than anybody waits.
    case overdue
  }

  private struct State {
    var known: [UInt32: Known] = [:]
    var lookUps: [UInt32: LookUp] = [:]
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "fairlead.user-names")
  private let patience: DispatchTimeInterval
  private let log: @Sendable (String) -> Void
  private let lookUp: @Sendable (UInt32) -> String

  init(
    patience: DispatchTimeInterval = .seconds(ServerLimits.nameWaitSeconds), log: @escaping @Sendable (String) -> Void,
    lookUp: @escaping @Sendable (UInt32) -> String = userName
  ) {
    self.patience = patience
    self.log = log
    self.lookUp = lookUp
  }

  /// The name of `uid` where it is known, if only from a while ago. Otherwise `nil`, and `completion` gets it later, within the
  /// time that a change waits for it, on another thread.
  func name(of uid: UInt32, orLater completion: @escaping @Sendable (String) -> Void) -> String? {
    state.withLock { state in
      if let known = state.known[uid] {
        let age = monotonicNanoseconds() - known.since
        if age > ServerLimits.nameAgeSeconds * 1_000_000_000, state.lookUps[uid] == nil { start(uid, [], &state) }
        return known.name
      }
      switch state.lookUps[uid] {
      case nil: start(uid, [completion], &state)
      case .underWay(let waiters): state.lookUps[uid] = .underWay(waiters + [completion])
      case .overdue: return String(uid)
      }
      return nil
    }
  }

  private func start(_ uid: UInt32, _ waiters: [@Sendable (String) -> Void], _ state: inout State) {
    state.lookUps[uid] = .underWay(waiters)
    queue.async { [self] in finish(uid, lookUp(uid)) }
    DispatchQueue.global().asyncAfter(deadline: .now() + patience) { [self] in stopWaiting(for: uid) }
  }

  private func finish(_ uid: UInt32, _ name: String) {
    let waiters = state.withLock { state in
      if state.known.count >= ServerLimits.keptNames { state.known = [:] }
      state.known[uid] = Known(name: name, since: monotonicNanoseconds())
      return state.lookUps.removeValue(forKey: uid)
    }
    if case .underWay(let waiters) = waiters { for waiter in waiters { waiter(name) } }
  }

  private func stopWaiting(for uid: UInt32) {
    let waiters: [@Sendable (String) -> Void]? = state.withLock { state in
      guard case .underWay(let waiters) = state.lookUps[uid] else { return nil }
      state.lookUps[uid] = .overdue
      return waiters
    }
    guard let waiters else { return }
    log(
      "the system has no name for uid \(uid) after \(ServerLimits.nameWaitSeconds) seconds: its changes are recorded under the "
        + "number; look at the name services of /etc/nsswitch.conf")
    for waiter in waiters { waiter(String(uid)) }
  }
}
