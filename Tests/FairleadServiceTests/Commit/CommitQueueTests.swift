// The commit queue as a value: every event in every state, without a thread.

import FairleadModel
import FairleadStore
import LedgerTestSupport
import Testing

@testable import FairleadService

@Suite("The commit queue")
struct CommitQueueTests: CommitQueueScript {
  var queue = smallQueue()

  // MARK: One write after the other

  @Test("a write to an empty queue is committed without a hand-off, and then both stages are idle")
  mutating func alone() {
    #expect(submit(1) == ["start commit"])
    #expect(commitNext() == "alone 1")
    #expect(currentIsPrepared() == "-")
    #expect(commitNext() == "rest")
    #expect(submit(2) == ["start commit"])
  }

  @Test("a second write does not start a commit stage that is starting already")
  mutating func startedOnce() {
    #expect(submit(1, 2) == ["start commit", "-"])
    #expect(commitNext() == "alone 1")
    #expect(currentIsPrepared() == "prepare 2")
  }

  @Test("the next batch is not begun before the current batch is prepared completely")
  mutating func blocked() {
    makeBlocked()
    #expect(submit(2, 3) == ["-", "-"])
    #expect(currentIsPrepared() == "prepare 2")
    #expect(entryIsPrepared() == "prepare 3")
    #expect(entryIsPrepared() == "rest")
  }

  @Test("a commit stage for which nothing is prepared takes the next write alone")
  mutating func blockedAtTheEnd() {
    makeBlocked()
    submit(2)
    #expect(commitNext() == "alone 2")
  }

  // MARK: The next batch

  @Test("a write that arrives during a commit is prepared for the next batch")
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

  @Test(
    "a batch that is taken while one of its writes is being prepared gets no further write, and is closed after that one"
  )
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

  @Test("discarded writes go back to the front of the queue, in their order")
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

  @Test("a batch is put back after the write that is being prepared", arguments: [true, false])
  mutating func discardRunning(isPrepared: Bool) {
    makeRunning()
    submit(3)
    #expect(discard() == "wait")
    #expect(submit(4) == ["-"])
    #expect((isPrepared ? entryIsPrepared() : entryIsAborted()) == "rest and wake")
    #expect(queue.takeWaiting().map(\.number) == [2, 3, 4])
  }

  @Test("a write of the current batch that is being prepared is waited for and not put back", arguments: [true, false])
  mutating func discardFinishing(isPrepared: Bool) {
    makeFinishing()
    submit(3)
    #expect(discard() == "wait")
    #expect((isPrepared ? entryIsPrepared() : entryIsAborted()) == "rest and wake")
    #expect(commitNext() == "alone 3")
  }

  @Test("a discard with nothing prepared ends at once, and later writes are not prepared")
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
}
