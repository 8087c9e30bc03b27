// Short calls for the commit queue's events, and short names for its steps.

import FairleadModel
import FairleadStore
import Testing

@testable import FairleadService

/// A suite that drives one queue. Writes are known by their numbers.
protocol CommitQueueScript {
  var queue: CommitQueue { get set }
}

/// A queue whose batches and limits are reached with few writes.
func smallQueue() -> CommitQueue {
  CommitQueue(limits: CommitLimits(batchChanges: 3, queuedWrites: 5, queuedBytes: 100))
}

extension CommitQueueScript {
  // MARK: Events as short words

  /// Submits writes of these numbers, and returns what each one starts.
  @discardableResult
  mutating func submit(_ numbers: Int...) -> [String] {
    numbers.map { describe(queue.submit(.numbered($0))) }
  }

  mutating func barrier() -> String { describe(queue.addBarrier {}) }
  mutating func commitNext() -> String { describe(queue.nextForCommit()) }
  mutating func discard() -> String {
    switch queue.discardPrepared() {
    case .done: "done"
    case .waitForPrepareStage: "wait"
    }
  }
  mutating func currentIsPrepared() -> String { describe(queue.currentBatchIsPrepared(stateAfter: .empty)) }
  mutating func entryIsPrepared() -> String { describe(queue.entryIsPrepared(stateAfter: .empty)) }
  mutating func entryIsAborted() -> String { describe(queue.entryIsAborted()) }

  func describe(_ admission: CommitQueue.Admission) -> String {
    switch admission {
    case .accepted(let start): describe(start)
    case .refused(.closed): "closed"
    case .refused(.full(let count)): "full \(count)"
    }
  }

  func describe(_ start: CommitQueue.Start?) -> String {
    switch start {
    case nil: "-"
    case .commitStage: "start commit"
    case .prepareStage(let entry): "prepare \(entry.write.number)"
    }
  }

  func describe(_ step: CommitQueue.CommitStep) -> String {
    switch step {
    case .runExclusively(let barriers): "run \(barriers.count)"
    case .prepareAndCommit(let write): "alone \(write.number)"
    case .commitComplete(let next, let entry): "complete \(numbers(next))" + then(entry)
    case .commitUnfinished(let next): "unfinished \(numbers(next))"
    case .rest: "rest"
    }
  }

  func describe(_ step: CommitQueue.PrepareStep) -> String {
    switch step {
    case .prepare(let entry): "prepare \(entry.write.number)"
    case .close(_, let entry): "close" + then(entry)
    case .rest: "rest"
    case .restAndWakeCommitStage: "rest and wake"
    }
  }

  private func then(_ entry: CommitQueue.Entry?) -> String { entry.map { ", prepare \($0.write.number)" } ?? "" }
  private func numbers(_ next: CommitQueue.NextBatch) -> [Int] { next.writes.map(\.number) }

  // MARK: States, each reached in the shortest way

  /// The commit stage has write 1, which is not completely prepared.
  mutating func makeBlocked() {
    submit(1)
    #expect(commitNext() == "alone 1")
  }

  /// The commit stage has write 1, and nothing waits.
  mutating func makeReady() {
    makeBlocked()
    #expect(currentIsPrepared() == "-")
  }

  /// The commit stage has write 1, and the prepare stage is preparing write 2.
  mutating func makeRunning() {
    makeReady()
    #expect(submit(2) == ["prepare 2"])
  }

  /// The commit stage has write 1, and write 2 is prepared.
  mutating func makePaused() {
    makeRunning()
    #expect(entryIsPrepared() == "rest")
  }

  /// The commit stage has taken the batch of write 2, which the prepare stage is still preparing.
  mutating func makeFinishing() {
    makeRunning()
    #expect(commitNext() == "unfinished [2]")
  }
}
