// The one writer: a bounded queue, and a thread that makes groups of what stands in it.

internal import DequeModule
// Dispatch does not say so, but its queues may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import Synchronization

/// Takes tickets in the order in which they come. A group is whatever has come by the time the writer is free, so that one
/// client waits for nobody and the groups grow with the load.
final class GroupWriter: Sendable {
  /// Commits a group: asks for tickets until it has enough or there is none.
  typealias Commit = @Sendable (_ next: () -> WriteTicket?) -> Void

  private struct State {
    var waiting: Deque<WriteTicket> = []
    /// Of the lines that `waiting` came from.
    var bytes = 0
    /// What is to be done between two groups.
    var errands: [@Sendable () -> Void] = []
    var isDraining = false
    var isClosed = false
  }

  private let state = Mutex(State())
  private let thread = DispatchQueue(label: "fairlead.writer", qos: .userInitiated)

  /// Queues a ticket. It is answered at once where the queue is full or the daemon stops.
  func submit(_ ticket: WriteTicket, to commit: @escaping Commit) {
    let refusal: Refusal? = state.withLock { state in
      guard !state.isClosed else {
        return Refusal(.unavailable, "cannot write: the daemon stops; nothing was recorded")
      }
      // One ticket fits an empty queue, however long its line is.
      let fits = state.waiting.isEmpty || state.bytes + ticket.bytes <= Limits.queuedBytes
      guard fits, state.waiting.count < Limits.queuedChanges else { return .queueIsFull(state.waiting.count) }
      state.waiting.append(ticket)
      state.bytes += ticket.bytes
      if !state.isDraining {
        state.isDraining = true
        thread.async { self.drain(commit) }
      }
      return nil
    }
    if let refusal { ticket.answer(.failure(refusal)) }
  }

  /// Runs `errand` on the writer's thread before its next group, or at once where it is free. It takes no room from tickets.
  /// Answers whether it runs: not once the writer is closed.
  func betweenGroups(_ errand: @escaping @Sendable () -> Void) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.errands.append(errand)
      thread.async { self.runErrands() }
      return true
    }
  }

  /// Takes no more, ends what is queued, and waits for it.
  func close() {
    state.withLock { $0.isClosed = true }
    thread.sync {}
  }

  private func drain(_ commit: Commit) {
    repeat {
      runErrands()
      commit(next)
    } while goesOn()
  }

  private func runErrands() {
    let errands = state.withLock { state in
      defer { state.errands = [] }
      return state.errands
    }
    for errand in errands { errand() }
  }

  private func next() -> WriteTicket? {
    state.withLock { state in
      let ticket = state.waiting.popFirst()
      state.bytes -= ticket?.bytes ?? 0
      return ticket
    }
  }

  /// Decided under the lock, so that a ticket that comes in between finds a writer that goes on, or starts one.
  private func goesOn() -> Bool {
    state.withLock { state in
      state.isDraining = !state.waiting.isEmpty
      return state.isDraining
    }
  }
}

extension Refusal {
  fileprivate static func queueIsFull(_ count: Int) -> Refusal {
    Refusal(
      .busy(retryAfterMs: Limits.busyRetryMs),
      "cannot take more changes: \(count) wait for their turn; nothing was recorded; try again in \(Limits.busyRetryMs) ms"
    )
  }
}
