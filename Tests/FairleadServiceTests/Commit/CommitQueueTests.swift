// The commit queue as a value: every event in every state, without a thread.

import FairleadModel
import FairleadStore
import LedgerTestSupport
import Testing

@testable import FairleadService

@Suite("The commit queue")
struct CommitQueueTests {
  var queue = CommitQueue(limits: CommitLimits(batchWrites: 3, queuedWrites: 5, queuedBytes: 100))

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

  private func describe(_ admission: CommitQueue.Admission) -> String {
    switch admission {
    case .accepted(let start): describe(start)
    case .refused(.closed): "closed"
    case .refused(.full(let count)): "full \(count)"
    }
  }

  private func describe(_ start: CommitQueue.Start?) -> String {
    switch start {
    case nil: "-"
    case .commitStage: "start commit"
    case .prepareStage(let entry): "prepare \(entry.write.number)"
    }
  }

  private func describe(_ step: CommitQueue.CommitStep) -> String {
    switch step {
    case .runExclusively(let barriers): "run \(barriers.count)"
    case .prepareAndCommit(let write): "alone \(write.number)"
    case .commitComplete(let next, let entry): "complete \(numbers(next))" + then(entry)
    case .commitUnfinished(let next): "unfinished \(numbers(next))"
    case .rest: "rest"
    }
  }

  private func describe(_ step: CommitQueue.PrepareStep) -> String {
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

  /// The commit stage has write 1, which is not prepared to its end.
  mutating func makeBlocked() {
    submit(1)
    #expect(commitNext() == "alone 1")
  }

  /// The commit stage has write 1, and nothing waits.
  mutating func makeReady() {
    makeBlocked()
    #expect(currentIsPrepared() == "-")
  }

  /// The commit stage has write 1, the prepare stage has write 2 in hand.
  mutating func makeRunning() {
    makeReady()
    #expect(submit(2) == ["prepare 2"])
  }

  /// The commit stage has write 1, and write 2 is prepared.
  mutating func makePaused() {
    makeRunning()
    #expect(entryIsPrepared() == "rest")
  }

  /// The commit stage has taken the batch of write 2, which the prepare stage has in hand.
  mutating func makeFinishing() {
    makeRunning()
    #expect(commitNext() == "unfinished [2]")
  }

  // MARK: One write after the other

  @Test("a write that comes alone is committed with no hand-off, and after it both stages rest")
  mutating func alone() {
    #expect(submit(1) == ["start commit"])
    #expect(commitNext() == "alone 1")
    #expect(currentIsPrepared() == "-")
    #expect(commitNext() == "rest")
    #expect(submit(2) == ["start commit"])
  }

  @Test("a second write does not start the commit stage again before that has begun")
  mutating func startedOnce() {
    #expect(submit(1, 2) == ["start commit", "-"])
    #expect(commitNext() == "alone 1")
    #expect(currentIsPrepared() == "prepare 2")
  }

  @Test("nothing is prepared while the current batch is not prepared to its end")
  mutating func blocked() {
    makeBlocked()
    #expect(submit(2, 3) == ["-", "-"])
    #expect(currentIsPrepared() == "prepare 2")
    #expect(entryIsPrepared() == "prepare 3")
    #expect(entryIsPrepared() == "rest")
  }

  @Test("the commit stage that finds nothing prepared takes the next write alone")
  mutating func blockedAtTheEnd() {
    makeBlocked()
    submit(2)
    #expect(commitNext() == "alone 2")
  }

  // MARK: The next batch

  @Test("a write that comes during a commit is prepared for the next batch")
  mutating func ready() {
    makeReady()
    #expect(submit(2) == ["prepare 2"])
    #expect(submit(3) == ["-"])
    #expect(entryIsPrepared() == "prepare 3")
  }

  @Test("a prepared batch is complete when it is taken, and the next one begins at once if a write waits")
  mutating func paused() {
    makePaused()
    #expect(commitNext() == "complete [2]")
    #expect(submit(3) == ["prepare 3"])
  }

  @Test("a prepared batch grows with the next write")
  mutating func grows() {
    makePaused()
    #expect(submit(3) == ["prepare 3"])
    #expect(entryIsPrepared() == "rest")
    #expect(commitNext() == "complete [2, 3]")
  }

  @Test("a full batch grows no more, and the next one begins when it is taken")
  mutating func fullBatch() {
    makeRunning()
    submit(3, 4, 5)
    #expect(entryIsPrepared() == "prepare 3")
    #expect(entryIsPrepared() == "prepare 4")
    #expect(entryIsPrepared() == "rest")
    #expect(submit(6) == ["-"])
    #expect(commitNext() == "complete [2, 3, 4], prepare 5")
    #expect(entryIsPrepared() == "prepare 6")
  }

  @Test("a batch that is taken while a write is in hand gets no further one, and is closed after it")
  mutating func finishing() {
    makeFinishing()
    #expect(submit(3, 4) == ["-", "-"])
    #expect(entryIsPrepared() == "close, prepare 3")
    #expect(entryIsPrepared() == "prepare 4")
    #expect(commitNext() == "unfinished [3, 4]")
    #expect(entryIsPrepared() == "close")
    #expect(commitNext() == "rest")
  }

  // MARK: Batches that are not committed

  @Test("what is prepared goes back into the queue in front of what waits, in its order")
  mutating func discardPaused() {
    makeRunning()
    submit(3, 4, 5)
    for _ in 1...3 { _ = entryIsPrepared() }
    #expect(discard() == "done")
    #expect(queue.count == 4)
    #expect(commitNext() == "alone 2")
    #expect(currentIsPrepared() == "prepare 3")
    #expect(entryIsPrepared() == "prepare 4")
    #expect(entryIsPrepared() == "prepare 5")
  }

  @Test("a write in hand is waited for before its batch goes back", arguments: [true, false])
  mutating func discardRunning(isPrepared: Bool) {
    makeRunning()
    submit(3)
    #expect(discard() == "wait")
    #expect(submit(4) == ["-"])
    #expect((isPrepared ? entryIsPrepared() : entryIsAborted()) == "rest and wake")
    #expect(queue.takeWaiting().map(\.number) == [2, 3, 4])
  }

  @Test("a write in hand of the current batch is waited for and not put back", arguments: [true, false])
  mutating func discardFinishing(isPrepared: Bool) {
    makeFinishing()
    submit(3)
    #expect(discard() == "wait")
    #expect((isPrepared ? entryIsPrepared() : entryIsAborted()) == "rest and wake")
    #expect(commitNext() == "alone 3")
  }

  @Test("where nothing is prepared, nothing is discarded, and nothing is prepared any more")
  mutating func discardNothing() {
    makeReady()
    #expect(discard() == "done")
    #expect(submit(2) == ["-"])
    #expect(commitNext() == "alone 2")
    #expect(discard() == "done")
  }

  @Test("a prepare stage that gives up on the current batch leaves the rest to the commit stage")
  mutating func abortedFinishing() {
    makeFinishing()
    submit(3)
    #expect(entryIsAborted() == "rest")
    #expect(discard() == "done")
    #expect(commitNext() == "alone 3")
  }

  @Test("a prepare stage that gives up on the next batch puts it back")
  mutating func abortedRunning() {
    makeRunning()
    submit(3)
    #expect(entryIsAborted() == "rest")
    #expect(commitNext() == "alone 2")
    #expect(queue.count == 1)
  }

  @Test("every write that waits can be taken out, to be refused")
  mutating func takeWaiting() {
    makeBlocked()
    submit(2, 3)
    #expect(queue.takeWaiting().map(\.number) == [2, 3])
    #expect(queue.count == 0)
    #expect(commitNext() == "rest")
  }

  // MARK: Barriers

  @Test("a barrier starts the commit stage, and runs before what waits")
  mutating func barriers() {
    #expect(barrier() == "start commit")
    #expect(submit(1) == ["-"])
    #expect(barrier() == "-")
    #expect(commitNext() == "run 2")
    #expect(discard() == "done")
    #expect(commitNext() == "alone 1")
  }

  @Test("a barrier comes before a batch that is prepared, which is discarded for it")
  mutating func barrierBeforeBatch() {
    makePaused()
    #expect(barrier() == "-")
    #expect(commitNext() == "run 1")
    #expect(discard() == "done")
    #expect(commitNext() == "alone 2")
  }

  // MARK: Limits

  @Test("the limit counts what is prepared as well as what waits, and not what the commit stage has")
  mutating func limit() {
    makeRunning()
    #expect(submit(3, 4, 5, 6, 7) == ["-", "-", "-", "-", "full 5"])
    #expect(commitNext() == "unfinished [2]")
    #expect(submit(8) == ["-"])
  }

  @Test("a barrier takes no room from writes")
  mutating func barrierTakesNoRoom() {
    #expect(submit(1, 2, 3, 4) == ["start commit", "-", "-", "-"])
    #expect(barrier() == "-")
    #expect(submit(5, 6) == ["-", "full 5"])
  }

  @Test("past the limit of bytes a write is refused, unless it would be the only one")
  mutating func bytes() {
    #expect(describe(queue.submit(.numbered(1, bytes: 101))) == "start commit")
    #expect(describe(queue.submit(.numbered(2, bytes: 1))) == "full 1")
    #expect(commitNext() == "alone 1")
    #expect(describe(queue.submit(.numbered(3, bytes: 60))) == "-")
    #expect(describe(queue.submit(.numbered(4, bytes: 41))) == "full 1")
    #expect(describe(queue.submit(.numbered(5, bytes: 40))) == "-")
    #expect(currentIsPrepared() == "prepare 3")
    #expect(commitNext() == "unfinished [3]")
    #expect(describe(queue.submit(.numbered(6, bytes: 60))) == "-")
    #expect(describe(queue.submit(.numbered(7, bytes: 1))) == "full 2")
  }

  @Test("bytes that were put back still count, until they are taken out")
  mutating func bytesPutBack() {
    makeReady()
    #expect(describe(queue.submit(.numbered(2, bytes: 90))) == "prepare 2")
    #expect(entryIsPrepared() == "rest")
    #expect(discard() == "done")
    #expect(describe(queue.submit(.numbered(3, bytes: 11))) == "full 1")
    _ = queue.takeWaiting()
    #expect(describe(queue.submit(.numbered(4, bytes: 90))) == "-")
  }

  // MARK: The end

  @Test("a closed queue refuses writes and barriers")
  mutating func closed() {
    queue.close()
    queue.close()
    #expect(submit(1) == ["closed"])
    #expect(barrier() == "closed")
  }

  @Test("a queue that is closed during a commit commits what it has, and accepts nothing more")
  mutating func draining() {
    makeRunning()
    submit(3)
    queue.close()
    queue.close()
    #expect(submit(4) == ["closed"])
    #expect(barrier() == "closed")
    #expect(commitNext() == "unfinished [2]")
    #expect(entryIsPrepared() == "close, prepare 3")
    #expect(entryIsPrepared() == "rest")
    #expect(commitNext() == "complete [3]")
    #expect(commitNext() == "rest")
    #expect(submit(5) == ["closed"])
  }

  @Test("a batch that is not committed while the queue drains is committed after all")
  mutating func drainingWithDiscard() {
    makePaused()
    queue.close()
    #expect(discard() == "done")
    #expect(commitNext() == "alone 2")
    #expect(currentIsPrepared() == "-")
    #expect(commitNext() == "rest")
  }
}
