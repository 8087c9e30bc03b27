// The memory that all connections share: whoever holds most of it is put off first.

internal import NIOCore

/// Confined to the event loop, as the connections are, so that the counters need no lock.
final class MemoryBudget: Sendable {
  private struct State {
    var accounts: MemoryAccounts<ObjectIdentifier>
    var holders: [ObjectIdentifier: ConnectionHandler] = [:]
  }

  private let state: NIOLoopBoundBox<State>
  private let loop: any EventLoop
  /// Bytes that all connections may hold together.
  let limit: Int

  init(limit: Int, loop: any EventLoop) {
    self.limit = limit
    self.loop = loop
    state = NIOLoopBoundBox.makeBoxSendingValue(State(accounts: MemoryAccounts(limit: limit)), eventLoop: loop)
  }

  /// A connection holds so many bytes now.
  func set(_ bytes: Int, of connection: ConnectionHandler) {
    let id = ObjectIdentifier(connection)
    state.value.holders[id] = bytes == 0 ? nil : connection
    guard let greediest = state.value.accounts.set(bytes, of: id),
      let handler = state.value.holders.removeValue(forKey: greediest.holder)
    else { return }
    // Later: this is called in the middle of what some connection does, which may be this one.
    let bound = NIOLoopBound(handler, eventLoop: loop)
    loop.execute { bound.value.putOff(holding: greediest.bytes) }
  }

  func remove(_ connection: ConnectionHandler) {
    let id = ObjectIdentifier(connection)
    state.value.holders[id] = nil
    state.value.accounts.remove(id)
  }
}
