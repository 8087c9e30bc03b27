// A single-producer single-consumer channel for a batch's SQL, from the stage that prepares it to the transaction.

// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadStore
internal import Synchronization

/// The producer puts operations, the consumer drains them into its transaction in their order. A read blocks the producer until
/// the consumer has executed everything before it and the read itself, so that it sees what it would see on one thread.
/// After an operation that failed, the channel is cancelled: nothing more is executed, and the producer's next call throws.
final class WriteChannel: WriteSink, Sendable {
  /// A read gets the transaction, or the error for which the channel was cancelled before the read's turn.
  private typealias Read = @Sendable (Result<LedgerWriter, any Error>) -> Void

  private enum Item: Sendable {
    case operation(WriteOp)
    case read(Read)
  }

  private enum Phase {
    /// The producer may put more.
    case open
    /// The same, and the consumer sleeps until it does.
    case awaited
    /// The producer has put everything.
    case closed
    case cancelled(any Error)
  }

  private struct State {
    var phase = Phase.open
    var items: [Item] = []
    /// The producer sleeps, since there are too many.
    var isProducerWaiting = false
  }

  private let state = Mutex(State())
  private let arrival = DispatchSemaphore(value: 0)
  private let room = DispatchSemaphore(value: 0)

  // MARK: The producer

  /// Waits for the consumer where too many operations are in the channel.
  func put(_ operations: [WriteOp]) throws {
    try put(operations.map(Item.operation), wakingAt: CommitLimits.channelWakeItems, waitsForRoom: true)
  }

  /// The same for a producer that is its own consumer, and that must `flush` where this returns that too many are in the channel.
  func putWithoutWaiting(_ operations: [WriteOp]) throws -> Bool {
    try put(operations.map(Item.operation), wakingAt: CommitLimits.channelWakeItems, waitsForRoom: false)
    return state.withLock { $0.items.count >= CommitLimits.channelItems }
  }

  func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
    let result = BlockingResult<Result<Value, any Error>>()
    let read: Read = { transaction in
      switch transaction {
      case .failure(let error): result.set(.failure(error))
      case .success(let writer):
        var value = Result { try body(writer.reader) }
        // SQLite rolls the transaction back also where a read meets a broken disk. Whatever came next would be committed
        // on its own.
        if !writer.isOpen {
          let cause = value.failure ?? ChannelClosed()
          self.cancel(with: cause)
          value = .failure(cause)
        }
        result.set(value)
      }
    }
    try put([.read(read)], wakingAt: 1, waitsForRoom: false)
    return try result.wait().get()
  }

  /// Whether the transaction at the other end is still open, as far as is known here: nothing has cancelled the channel.
  var isOpen: Bool { failure == nil }

  /// Says that everything has been put.
  func close() {
    let wasAwaited = state.withLock { state in
      switch state.phase {
      case .open, .closed:
        state.phase = .closed
        return false
      case .awaited:
        state.phase = .closed
        return true
      case .cancelled: return false
      }
    }
    if wasAwaited { arrival.signal() }
  }

  private func put(_ items: [Item], wakingAt count: Int, waitsForRoom: Bool) throws {
    let (wakes, waits) = try state.withLock { state in
      let wakes = try add(items, to: &state, wakingAt: count)
      state.isProducerWaiting = waitsForRoom && state.items.count >= CommitLimits.channelItems
      return (wakes, state.isProducerWaiting)
    }
    if wakes { arrival.signal() }
    if waits { room.wait() }
  }

  private func takeItems(_ state: inout State) -> [Item] {
    defer { state.items = [] }
    if state.isProducerWaiting {
      state.isProducerWaiting = false
      room.signal()
    }
    return state.items
  }

  /// Returns whether the consumer is to be woken.
  private func add(_ items: [Item], to state: inout State, wakingAt count: Int) throws -> Bool {
    switch state.phase {
    case .cancelled(let error): throw error
    case .closed: throw ChannelClosed()
    case .open:
      state.items += items
      return false
    case .awaited:
      state.items += items
      guard state.items.count >= count else { return false }
      state.phase = .open
      return true
    }
  }

  // MARK: The consumer

  /// Executes everything that is put until the channel is closed. Throws the error of the first operation that failed.
  /// `onProgress` is called after each.
  func drain(into writer: LedgerWriter, onProgress: () -> Void = {}) throws {
    while let items = try waitForItems() { try execute(items, on: writer, onProgress) }
  }

  /// Executes what has been put so far; for a producer that is its own consumer.
  func flush(into writer: LedgerWriter) throws {
    try execute(state.withLock { takeItems(&$0) }, on: writer)
  }

  /// Ends the channel: executes nothing more, and fails the producer's read if it waits for one.
  func cancel(with error: any Error) {
    let (dropped, cause, wasAwaited) = state.withLock { state in
      let dropped = takeItems(&state)
      switch state.phase {
      case .cancelled(let cause): return (dropped, cause, false)
      case .awaited:
        state.phase = .cancelled(error)
        return (dropped, error, true)
      case .open, .closed:
        state.phase = .cancelled(error)
        return (dropped, error, false)
      }
    }
    for case .read(let read) in dropped { read(.failure(cause)) }
    if wasAwaited { arrival.signal() }
  }

  private func execute(_ items: [Item], on writer: LedgerWriter, _ onProgress: () -> Void = {}) throws {
    for item in items {
      defer { onProgress() }
      if let failure {
        if case .read(let read) = item { read(.failure(failure)) }
        continue
      }
      switch item {
      case .operation(let operation): do { try writer.execute(operation) } catch { cancel(with: error) }
      case .read(let read): read(.success(writer))
      }
    }
    if let failure { throw failure }
  }

  /// What was put since the last call, waited for; `nil` once the channel is closed and empty.
  private func waitForItems() throws -> [Item]? {
    while true {
      let (items, phase) = state.withLock { state in
        let items = takeItems(&state)
        if items.isEmpty, case .open = state.phase { state.phase = .awaited }
        return (items, state.phase)
      }
      if !items.isEmpty { return items }
      switch phase {
      case .closed: return nil
      case .cancelled(let error): throw error
      case .open, .awaited: arrival.wait()
      }
    }
  }

  private var failure: (any Error)? {
    state.withLock { if case .cancelled(let error) = $0.phase { error } else { nil } }
  }
}

/// Something was put into a closed channel, or the transaction ended under a read that itself did not fail.
struct ChannelClosed: Error {}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
