// The gate before the daemon's own reads of the file: held for a moment, so that a WAL checkpoint finds no reader.

// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import Synchronization

/// Counts the reads that are under way. While it is held, new reads wait, and those under way end.
///
/// Only the thread that writes holds it, between two transactions, for a bounded time, and it waits for nothing else meanwhile.
/// A read may wait for that thread's commit, so a drain that finds such a read under way gives up in time.
final class ReaderGate: Sendable {
  private struct State {
    var readers = 0
    var isHeld = false
    /// Reads that came while the gate was held.
    var waiting: [DispatchSemaphore] = []
  }

  private let state = Mutex(State())
  private let drained = DispatchSemaphore(value: 0)

  /// Runs `body` as a read. A read within a read would wait for itself; GRDB refuses those anyway.
  func read<Value>(_ body: () throws -> Value) rethrows -> Value {
    enter()
    defer { leave() }
    return try body()
  }

  /// Lets no new read begin, waits until those under way have ended, but no longer than so many milliseconds, and runs `body`
  /// if they have. Returns whether it did. One thread at a time may call this.
  func whileEmpty(within milliseconds: Int, _ body: () throws -> Void) rethrows -> Bool {
    let isEmpty = state.withLock { state in
      state.isHeld = true
      return state.readers == 0
    }
    defer { open() }
    guard isEmpty || drained.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return false }
    try body()
    return true
  }

  private func enter() {
    let turn: DispatchSemaphore? = state.withLock { state in
      guard state.isHeld else {
        state.readers += 1
        return nil
      }
      let turn = DispatchSemaphore(value: 0)
      state.waiting.append(turn)
      return turn
    }
    // Whoever opens the gate has counted this read already.
    turn?.wait()
  }

  private func leave() {
    state.withLock { state in
      state.readers -= 1
      // Under the lock, so that no signal comes after `open` has looked for one.
      if state.isHeld, state.readers == 0 { drained.signal() }
    }
  }

  private func open() {
    let admitted = state.withLock { state in
      defer { state.waiting = [] }
      state.isHeld = false
      state.readers += state.waiting.count
      return state.waiting
    }
    // The last read may have ended just when this thread gave up waiting for it.
    while drained.wait(timeout: .now()) == .success {}
    for turn in admitted { turn.signal() }
  }
}
