// The state of the daemon for clients that outlive it: which life it is in, and whether it is up.

internal import DaemonTestSupport
internal import Foundation
internal import Synchronization

/// The daemon as its clients see it: up in its nth life, or killed and not yet restarted.
///
/// `state` is guarded by its mutex; the condition is signalled after each change of it and guards nothing.
final class DaemonHost: Sendable {
  let socket: String
  /// Seconds that a client waits for a line.
  let patience: Int
  private let condition = NSCondition()
  private let state: Mutex<State>
  private let connections = Atomic(0)

  private struct State {
    /// The number of starts so far.
    var life = 0
    var pid: Int32?
    /// The last life that was ended by a kill.
    var killed = 0
    /// Acknowledged changes so far, and the counts at which the daemon is killed.
    var acknowledged = 0
    var kills: [Int]
    /// Clients that are not done yet: those that are verified, and those that send garbage meanwhile.
    var working: Int
    var noisy: Int
    var failure: String?
  }

  enum News {
    case killed
    case allDone
  }

  /// `kills` are numbers of acknowledged changes, in order.
  init(socket: String, patience: Int, kills: [Int], clients: Int, noisy: Int) {
    self.socket = socket
    self.patience = patience
    state = Mutex(State(kills: kills, working: clients, noisy: noisy))
  }

  /// A number for a connection that no other has.
  func nextConnection() -> Int { connections.add(1, ordering: .relaxed).newValue }

  // MARK: For clients

  /// Waits until the daemon is up, and returns the number of its life; `nil` where it is not started again.
  func waitUntilUp() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      let (life, isUp, failed) = state.withLock { ($0.life, $0.pid != nil, $0.failure != nil) }
      if failed { return nil }
      if isUp { return life }
      condition.wait()
    }
  }

  /// Whether this life has ended by a kill, so that its connections may end too.
  func wasKilled(_ life: Int) -> Bool { state.withLock { $0.killed >= life } }

  /// Counts an acknowledged change, and kills the daemon if its number is due: at once, so that a change that was acknowledged
  /// before its commit is lost.
  func acknowledged(in life: Int) {
    let isKilled = state.withLock { state in
      state.acknowledged += 1
      guard let next = state.kills.first, state.acknowledged >= next, state.life == life, let pid = state.pid else {
        return false
      }
      state.kills.removeFirst()
      state.killed = state.life
      state.pid = nil
      kill(pid, SIGKILL)
      return true
    }
    if isKilled { ring() }
  }

  /// Whether the clients that send garbage may stop.
  var isQuiet: Bool { state.withLock { $0.working == 0 || $0.failure != nil } }

  func done(noisy: Bool = false) {
    state.withLock { if noisy { $0.noisy -= 1 } else { $0.working -= 1 } }
    ring()
  }

  // MARK: For the runner

  /// Lets the clients continue, and returns the number of this life.
  @discardableResult
  func isUp(pid: Int32) -> Int {
    defer { ring() }
    return state.withLock {
      $0.life += 1
      $0.pid = pid
      return $0.life
    }
  }

  func fail(_ why: String) {
    state.withLock { $0.failure = $0.failure ?? why }
    ring()
  }

  var failure: String? { state.withLock { $0.failure } }

  /// Waits for the next kill, or until every client is done.
  func waitForNews() -> News {
    condition.lock()
    defer { condition.unlock() }
    while true {
      let (isKilled, working) = state.withLock { ($0.pid == nil, $0.working + $0.noisy) }
      if isKilled { return .killed }
      if working == 0 { return .allDone }
      condition.wait()
    }
  }

  /// Gives up, and waits until every client has noticed.
  func abort(_ why: String) {
    fail(why)
    condition.lock()
    defer { condition.unlock() }
    while state.withLock({ $0.working + $0.noisy > 0 }) { condition.wait() }
  }

  private func ring() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }
}
