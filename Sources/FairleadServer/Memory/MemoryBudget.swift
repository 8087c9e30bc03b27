// The memory that all connections share: whoever holds most of it is put off first.

internal import NIOCore

/// Who holds memory of the budget, on the event loop.
protocol MemoryHolder: AnyObject {
  /// All holders together hold too much, and this one most of it: so many bytes. It is to give them back.
  func putOff(holding bytes: Int)
}

/// Confined to the event loop, as the connections are, so that the counters need no lock.
final class MemoryBudget: Sendable {
  private struct State {
    var accounts: MemoryAccounts<ObjectIdentifier>
    var holders: [ObjectIdentifier: any MemoryHolder] = [:]
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

  /// A holder holds so many bytes now.
  func set(_ bytes: Int, of holder: any MemoryHolder) {
    let id = ObjectIdentifier(holder)
    state.value.holders[id] = bytes == 0 ? nil : holder
    guard let greediest = state.value.accounts.set(bytes, of: id),
      let holder = state.value.holders.removeValue(forKey: greediest.holder)
    else { return }
    // Later: this is called in the middle of what some holder does, which may be this one.
    let bound = NIOLoopBound(holder, eventLoop: loop)
    loop.execute { bound.value.putOff(holding: greediest.bytes) }
  }

  /// A holder is gone, with all that it held.
  func remove(_ holder: any MemoryHolder) {
    let id = ObjectIdentifier(holder)
    state.value.holders[id] = nil
    state.value.accounts.remove(id)
  }
}
