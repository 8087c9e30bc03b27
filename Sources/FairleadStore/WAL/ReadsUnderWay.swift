// The daemon's own reads of the file that are under way, so that a WAL checkpoint can wait for those with an old snapshot.

// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import Synchronization

/// No read ever waits here: while nothing is written, reads that begin now have the newest snapshot, and keep nothing from being
/// checkpointed. It is the writer who waits, for a bounded time, for the reads that began before.
final class ReadsUnderWay: Sendable {
  private struct State {
    /// How many reads of each generation are under way, where there are any.
    var reads: [Int: Int] = [:]
    /// That of the reads which begin now.
    var generation = 0
    /// Whether somebody waits for the earlier generations.
    var isAwaited = false

    var hasEarlier: Bool { reads.keys.contains { $0 < generation } }
  }

  private let state = Mutex(State())
  private let ended = DispatchSemaphore(value: 0)

  /// Runs `body` as a read.
  func read<Value>(_ body: () throws -> Value) rethrows -> Value {
    let generation = state.withLock { state in
      state.reads[state.generation, default: 0] += 1
      return state.generation
    }
    defer { end(generation) }
    return try body()
  }

  /// Waits until the reads that are under way now have ended, but no longer than so many milliseconds. Returns whether they have.
  /// One thread at a time may call this.
  func waitForEnd(within milliseconds: Int) -> Bool {
    let isOver = state.withLock { state in
      state.generation += 1
      state.isAwaited = state.hasEarlier
      return !state.isAwaited
    }
    if isOver || ended.wait(timeout: .now() + .milliseconds(milliseconds)) == .success { return true }
    return state.withLock { state in
      defer { state.isAwaited = false }
      guard !state.isAwaited else { return false }
      // The last one ended just when this thread gave up waiting, and has signalled.
      ended.wait()
      return true
    }
  }

  private func end(_ generation: Int) {
    state.withLock { state in
      let left = (state.reads[generation] ?? 0) - 1
      state.reads[generation] = left > 0 ? left : nil
      guard state.isAwaited, !state.hasEarlier else { return }
      state.isAwaited = false
      ended.signal()
    }
  }
}
