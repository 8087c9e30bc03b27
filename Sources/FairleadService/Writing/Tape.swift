// Carries a group's SQL from the thread that plans to the thread that has the transaction.

internal import Dispatch
internal import FairleadStore
internal import Synchronization

/// One thread puts steps, another plays them in their order. A read waits until everything before it is written, so that it
/// sees what it would see if there were one thread. After a step that failed nothing more is played.
final class Tape: Rows, Sendable {
  /// A read gets no writer where the tape has failed before it. Unchecked, since whoever puts a read waits until it has
  /// run.
  private enum Entry: @unchecked Sendable {
    case step(RowStep)
    case read((LedgerWriter?) -> Void)
  }

  private struct State {
    var entries: [Entry] = []
    var playerWaits = false
    var failure: (any Error)?
    var hasEnded = false
  }

  /// Steps for which a player that waits is woken: waking it costs about as much as a row.
  private static let batch = 4

  private let state = Mutex(State())
  private let arrival = DispatchSemaphore(value: 0)

  // MARK: Putting

  func put(_ steps: [RowStep]) throws { try put(steps.map(Entry.step), atOnce: false) }

  func read<Value>(_ body: @escaping (LedgerReader) throws -> Value) throws -> Value {
    let isDone = DispatchSemaphore(value: 0)
    // Written by the player before it signals, read here after that.
    nonisolated(unsafe) var result: Result<Value, any Error>?
    let entry = Entry.read { writer in
      if let writer {
        let read = Result { try body(writer.reader) }
        // SQLite ends the transaction also where a read meets a broken disk; what came next would be written by itself.
        if writer.isOpen { result = read } else { self.abandon(read.failure ?? TapeEnded()) }
      }
      isDone.signal()
    }
    try put([entry], atOnce: true)
    isDone.wait()
    guard let result else { throw failure ?? TapeEnded() }
    return try result.get()
  }

  var isOpen: Bool { failure == nil }

  /// Says that nothing more comes.
  func end() {
    state.withLock { $0.hasEnded = true }
    arrival.signal()
  }

  private var failure: (any Error)? { state.withLock { $0.failure } }

  private func put(_ entries: [Entry], atOnce: Bool) throws {
    let wakes = try state.withLock { state in
      if let failure = state.failure { throw failure }
      state.entries += entries
      guard state.playerWaits, atOnce || state.entries.count >= Self.batch else { return false }
      state.playerWaits = false
      return true
    }
    if wakes { arrival.signal() }
  }

  // MARK: Playing

  /// Plays until the end. Throws what the first step that failed threw.
  func play(on writer: LedgerWriter) throws {
    while let entries = next() {
      for entry in entries {
        switch entry {
        case .read(let body): body(isOpen ? writer : nil)
        case .step(let step):
          guard isOpen else { continue }
          do { try writer.take(step) } catch { abandon(error) }
        }
      }
      if let failure { throw failure }
    }
  }

  /// Plays nothing more, and says why to whoever waits for it or puts more.
  func abandon(_ error: any Error) {
    let left = state.withLock { state in
      defer { state.entries = [] }
      state.failure = state.failure ?? error
      return state.entries
    }
    for case .read(let body) in left { body(nil) }
  }

  /// What was put since the last time; waited for. `nil` at the end.
  private func next() -> [Entry]? {
    while true {
      let (entries, hasEnded) = state.withLock { state in
        defer { state.entries = [] }
        state.playerWaits = state.entries.isEmpty && !state.hasEnded
        return (state.entries, state.hasEnded)
      }
      if !entries.isEmpty { return entries }
      if hasEnded { return nil }
      arrival.wait()
    }
  }
}

/// The transaction ended under a read that had no error of its own.
struct TapeEnded: Error {}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
